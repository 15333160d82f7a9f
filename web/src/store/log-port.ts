/** What follows the log of one chat, and where it asks. */
import type { Api } from '../protocol/api'
import type { Chat } from '../protocol/wire'
import type { ConversationPort } from './conversation'
import type { WindowKeeper } from './keeping'
import type { Line } from './line'

const SYNC_LIMIT = 200

export interface LogPort {
  api: Pick<Api, 'events'>
  connection: Pick<Line, 'request'>
  me(): string
  chat(chatId: string): Chat | undefined
}

/** What the conversation of that chat asks of the store. */
export function logPort(
  chatId: string,
  port: LogPort,
  keeper: WindowKeeper,
  page: ConversationPort['page'],
): Omit<ConversationPort, 'applied' | 'changed'> {
  return {
    me: () => port.me(),
    knownHead: () => port.chat(chatId)?.seq ?? 0,
    page,
    events: async (after, limit) => {
      const outcome = await port.api.events(chatId, after, limit)
      return outcome.ok ? { ok: true, value: outcome.value.events } : outcome
    },
    sync: (from_seq) =>
      port.connection.request<'sync'>({
        type: 'sync',
        chats: [{ chat_id: chatId, from_seq }],
        limit: SYNC_LIMIT,
      }),
    replaced: () => keeper.forget(),
  }
}
