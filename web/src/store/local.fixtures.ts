/** What the tests of the local copy have in common. */
import 'fake-indexeddb/auto'
import type { Me } from '../protocol/wire'
import type { Database } from './db'
import { ANA, messageAt } from './fixtures'
import { WindowKeeper } from './keeping'
import { Local } from './local'
import { emptyTimeline } from './state'
import { Writer } from './writer'

export const CHAT = 'chat-1'
export const me = (user_id: string): Me => ({
  user_id,
  username: 'x',
  display_name: 'X',
  about: '',
  locale: 'es',
  role: 'member',
})

/** With what writes, as soon as there is a connection. */
export function localOf(name: string): Local {
  const local = new Local(name)
  local.follow((database) => new Writer(database))
  return local
}

export async function opened(name = `local-${crypto.randomUUID()}`): Promise<{ local: Local; name: string }> {
  const local = localOf(name)
  await local.open()
  return { local, name }
}

/** A keeper and the disk, as a conversation drives them. */
export async function kept(local: Local, first: number, last: number) {
  const keeper = new WindowKeeper()
  const messages = Array.from({ length: last - first + 1 }, (_, index) => messageAt(CHAT, first + index))
  const chat = { timeline: { ...emptyTimeline(CHAT, last), messages, more_before: first > 1 } }
  const save = async () => {
    local.saver?.window(CHAT, () => keeper.rows(chat.timeline, Date.now(), ANA))
    await local.saver?.flush()
  }
  await save()
  return { chat, keeper, save }
}

export function database(local: Local): Database {
  if (local.database === null) throw new Error('no database')
  return local.database
}
