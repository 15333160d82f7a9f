/** What an outbox entry asks of the server. */
import type { Api } from '../protocol/api'
import type { Changed, ReadState, Sent } from '../protocol/wire'
import type { Connection } from '../protocol/connection'
import type { Outcome, PreferenceChange } from './contract'
import type { Confirmation } from './outbox'
import type { LocalFile, OutboxEntry, OutboxSend } from './state'

interface Asker extends Pick<Connection, 'request'> {
  /** Brings them to the server and answers their names there. */
  bring(files: readonly LocalFile[]): Promise<Outcome<readonly string[]>>
  pin: Api['pin']
  prefer(chatId: string, change: PreferenceChange): Promise<Outcome<void>>
}

/** Told where my mark stands: at `readN`, or at least there. */
export type Marked = (chatId: string, readN: number, atLeast: boolean) => void

/** Carries the entry out: over the socket, where there is a command for it. */
export async function perform(
  asker: Asker,
  entry: OutboxEntry,
  marked: Marked,
): Promise<Outcome<Confirmation>> {
  const { chat_id } = entry
  switch (entry.kind) {
    case 'send':
      return send(asker, entry, marked)
    case 'edit': {
      const { message_id, id: change_id, base_revision, text } = entry
      const body = { text }
      return confirmed(
        await asker.request<'message.edit'>({
          type: 'message.edit',
          chat_id,
          message_id,
          change_id,
          base_revision,
          body,
        }),
      )
    }
    case 'delete': {
      const { message_id, id: change_id } = entry
      return confirmed(
        await asker.request<'message.delete'>({ type: 'message.delete', chat_id, message_id, change_id }),
      )
    }
    case 'reaction': {
      const { message_id, emoji, on } = entry
      return confirmed(
        await asker.request<'reaction.set'>({ type: 'reaction.set', chat_id, message_id, emoji, on }),
      )
    }
    case 'pin':
      return confirmed(await asker.pin(chat_id, entry.message_id, entry.on))
    case 'prefer': {
      const outcome = await asker.prefer(chat_id, entry.change)
      return outcome.ok ? { ok: true, value: { seq: null } } : outcome
    }
    case 'read': {
      const { n, force } = entry
      return read(await asker.request<'read.set'>({ type: 'read.set', chat_id, n, force }), chat_id, marked)
    }
  }
}

/** A message never names a file that is not there: they go first. */
async function send(asker: Asker, entry: OutboxSend, marked: Marked): Promise<Outcome<Confirmation>> {
  const { chat_id, files = [] } = entry
  const brought: Outcome<readonly string[]> =
    files.length === 0 ? { ok: true, value: [] } : await asker.bring(files)
  if (!brought.ok) return brought
  return sent(await say(asker, entry, brought.value), chat_id, marked)
}

function say(
  asker: Asker,
  { chat_id, id: message_id, text, reply_to, source }: OutboxSend,
  file_ids: readonly string[],
): Promise<Outcome<Sent>> {
  if (source !== undefined) {
    const { chat_id: from, message_id: copied } = source
    return asker.request<'message.forward'>({
      type: 'message.forward',
      chat_id,
      message_id,
      source: { chat_id: from, message_id: copied },
    })
  }
  return asker.request<'message.send'>({
    type: 'message.send',
    chat_id,
    message_id,
    body: { text },
    ...(reply_to === null ? {} : { reply_to: reply_to.message_id }),
    ...(file_ids.length === 0 ? {} : { file_ids: [...file_ids] }),
  })
}

function confirmed(outcome: Outcome<Sent | Changed>): Outcome<Confirmation> {
  return outcome.ok ? { ok: true, value: { seq: outcome.value.seq ?? null } } : outcome
}

/** Sending is reading. A duplicate was sent earlier, and the mark may have moved since. */
function sent(outcome: Outcome<Sent>, chatId: string, marked: Marked): Outcome<Confirmation> {
  if (outcome.ok && !outcome.value.duplicate) marked(chatId, outcome.value.n, true)
  return confirmed(outcome)
}

function read(outcome: Outcome<ReadState>, chatId: string, marked: Marked): Outcome<Confirmation> {
  if (!outcome.ok) return outcome
  marked(chatId, outcome.value.read_n, false)
  return { ok: true, value: { seq: null } }
}
