/** Messages that wait on the server for their time: fetched by who asks for them. */
import type { Rest } from '../protocol/rest'
import type { components } from '../protocol/schema.gen'
import type { LaterApi } from './contract'

type Schemas = components['schemas']

export function makeLater(rest: Rest): LaterApi {
  const path = (chatId: string, messageId: string) => `/chats/${chatId}/scheduled/${messageId}`
  return {
    async list(chatId) {
      const from = chatId === null ? '/scheduled' : `/chats/${chatId}/scheduled`
      const outcome = await rest.call<Schemas['ScheduledPage']>('GET', from)
      return outcome.ok ? { ok: true, value: outcome.value.scheduled } : outcome
    },
    put: (chatId, { text, send_at, message_id, reply_to, file_ids }) =>
      rest.call('PUT', path(chatId, message_id), {
        body: { text },
        send_at: new Date(send_at).toISOString(),
        ...(reply_to === undefined ? {} : { reply_to }),
        ...(file_ids === undefined ? {} : { file_ids }),
      }),
    cancel: (chatId, messageId) => rest.call('DELETE', path(chatId, messageId)),
    sendNow: (chatId, messageId) => rest.call('POST', `${path(chatId, messageId)}/send`),
  }
}
