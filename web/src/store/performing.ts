/** What an outbox entry asks of the server. */
import type { Api } from '../protocol/api'
import { problem, type ClientProblem } from '../protocol/problem'
import type { Rest } from '../protocol/rest'
import type { Changed, ReadState, Sent } from '../protocol/wire'
import type { Connection } from '../protocol/connection'
import type { Outcome, PreferenceChange } from './contract'
import { TOO_LATE } from './lanes'
import { makeLater } from './later'
import type { Confirmation } from './outbox'
import type { LocalFile, OutboxEntry, OutboxSend } from './state'

interface Asker extends Pick<Connection, 'request'> {
  /** Brings them to the server and answers their names there. */
  bring(files: readonly LocalFile[]): Promise<Outcome<readonly string[]>>
  pin: Api['pin']
  rest: Rest
  prefer(chatId: string, change: PreferenceChange): Promise<Outcome<void>>
}

/** Told where my mark stands: at `readN`; at least there; or there where it stood one before it. */
export type Marked = (chatId: string, readN: number, how: 'at' | 'from' | 'next') => void

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
  const { files = [] } = entry
  const brought: Outcome<readonly string[]> =
    files.length === 0 ? { ok: true, value: [] } : await asker.bring(files)
  if (!brought.ok) return brought
  if (entry.send_at !== undefined)
    return schedule(asker.rest, { ...entry, send_at: entry.send_at }, brought.value)
  return sent(await say(asker, entry, brought.value), entry, marked)
}

/** From then on it is the server's, and stands in another list. */
async function schedule(
  rest: Rest,
  { chat_id, id: message_id, text, reply_to, send_at }: OutboxSend & { send_at: number },
  file_ids: readonly string[],
): Promise<Outcome<Confirmation>> {
  const outcome = await makeLater(rest).put(chat_id, {
    text,
    send_at,
    message_id,
    ...(reply_to === null ? {} : { reply_to: reply_to.message_id }),
    ...(file_ids.length === 0 ? {} : { file_ids }),
  })
  // `conflict`: an earlier answer was lost, and it was sent meanwhile.
  if (outcome.ok || outcome.problem.code === 'conflict') return { ok: true, value: { seq: null } }
  return { ok: false, problem: unscheduled(outcome.problem, send_at) }
}

/** What a code says of what waits, which is not what it says of what is sent. */
function unscheduled(refusal: ClientProblem, send_at: number): ClientProblem {
  // The socket may be there all the same, and then nobody would say that the network is back.
  if (refusal.code === 'offline') return problem('timeout')
  if (refusal.code === 'too_large') return { ...refusal, details: { reason: 'too_many_scheduled' } }
  const late = refusal.code === 'bad_request' && send_at <= Date.now()
  return late ? { ...refusal, details: { reason: TOO_LATE } } : refusal
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

/** Sending is reading, forwarding is not. A duplicate was sent earlier, and the mark may have moved since. */
function sent(
  outcome: Outcome<Sent>,
  { chat_id, source }: OutboxSend,
  marked: Marked,
): Outcome<Confirmation> {
  if (outcome.ok && !outcome.value.duplicate)
    marked(chat_id, outcome.value.n, source === undefined ? 'from' : 'next')
  return confirmed(outcome)
}

function read(outcome: Outcome<ReadState>, chatId: string, marked: Marked): Outcome<Confirmation> {
  if (!outcome.ok) return outcome
  marked(chatId, outcome.value.read_n, 'at')
  return { ok: true, value: { seq: null } }
}
