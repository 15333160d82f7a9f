/** Who is called by which `@name`: only what calls somebody looks like it. */
import type { Chat, Me } from '../../protocol/wire.ts'
import type { MessageItem, PendingItem, UsersApi } from '../../store/contract.ts'

/** Whether that name calls somebody. */
export type Calls = (name: string) => boolean

/** They stand for many people and are nobody's username, and call nobody either. */
const RESERVED = new Set(['channel', 'everyone', 'here', 'system', 'todas', 'todos'])

export const nobody: Calls = () => false

/** As the server says of the message; of what it has not been told yet, as far as that is known here. */
export function callsIn(
  item: MessageItem | PendingItem,
  chat: () => Chat | undefined,
  me: Me | null,
  users: Pick<UsersApi, 'get' | 'peek'>,
): Calls {
  if (item.type === 'message' && !(item.change?.kind === 'edit' && item.change.state === 'sending'))
    return called(item.message.mentions, users)
  if (item.type === 'pending' && item.forwarded_from !== null) return nobody
  return calling(chat, me)
}

/** My own text, before it is sent: I know my right to call everybody, and not who of them all is a member. */
export function calling(chat: () => Chat | undefined, me: Me | null): Calls {
  return (name) => {
    if (name !== 'all') return name !== me?.username && !RESERVED.has(name)
    const found = chat()
    return found !== undefined && mayCallAll(found)
  }
}

export function mayCallAll({ kind, role }: Chat): boolean {
  return kind !== 'direct' && (role === 'owner' || role === 'admin')
}

/** Somebody who is called and not known yet may have any name. */
function called(mentions: readonly string[], users: Pick<UsersApi, 'get' | 'peek'>): Calls {
  return (name) =>
    mentions.some((id) => {
      if (id === 'all' || name === 'all') return id === name
      const user = users.peek(id) ?? users.get(id)
      return user === undefined ? !RESERVED.has(name) : user.username === name
    })
}
