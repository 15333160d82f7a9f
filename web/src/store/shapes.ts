/** Whether what a disk gave back is what was put there; it need not be. */
import type { Chat, Message, Pin } from '../protocol/wire'
import type { StoredBlob, StoredDraft, StoredUser } from './db'
import type { OutboxEntry } from './state'

const KINDS: readonly OutboxEntry['kind'][] = ['send', 'edit', 'delete', 'reaction', 'pin', 'read', 'prefer']

export function isChat(value: unknown): value is Chat {
  const { chat_id, kind, seq, n, read_n, settings, updated_at } = fields<Chat>(value)
  const named = [chat_id, kind, updated_at].every((each) => typeof each === 'string')
  return named && [seq, n, read_n].every((each) => typeof each === 'number') && typeof settings === 'object'
}

export function isUser(value: unknown): value is StoredUser {
  const { user_id, username, display_name } = fields<StoredUser>(value)
  return [user_id, username, display_name].every((each) => typeof each === 'string')
}

export function isEntry(value: unknown): value is OutboxEntry {
  const { id, chat_id, order, kind, state } = fields<OutboxEntry>(value)
  const named = [id, chat_id, state].every((each) => typeof each === 'string')
  return named && typeof order === 'number' && kind !== undefined && KINDS.includes(kind)
}

export function isBlob(value: unknown): value is StoredBlob {
  const { id, blob, size, at } = fields<StoredBlob>(value)
  return (
    typeof id === 'string' && blob instanceof Blob && [size, at].every((each) => typeof each === 'number')
  )
}

export function isPin(value: unknown): value is Pin {
  const { message, pinned_at } = fields<Pin>(value)
  const { message_id, seq } = fields<Message>(message)
  return [message_id, pinned_at].every((each) => typeof each === 'string') && typeof seq === 'number'
}

export function isDraft(value: unknown): value is StoredDraft {
  const { chat_id, draft, parked } = fields<StoredDraft>(value)
  return typeof chat_id === 'string' && isText(draft) && (parked === null || isText(parked))
}

function isText(draft: StoredDraft['draft'] | null | undefined): boolean {
  return typeof draft?.text === 'string'
}

function fields<T>(value: unknown): Partial<T> {
  return typeof value === 'object' && value !== null ? value : {}
}
