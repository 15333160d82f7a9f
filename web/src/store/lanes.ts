/** In which lane an entry of the outbox waits, in what order, and for how long; pure. */
import type { OutboxEntry } from './state'

const READ_DELAY_MS = 300
/** So long a deletion can be taken back. */
const SECOND_THOUGHT_MS = 5_000
const DELETION = 'delete:'
export const TOO_LATE = 'too_late'

/** Two tabs may have taken the same number: the ids, which grow with time, decide. */
export function byOrder(left: OutboxEntry, right: OutboxEntry): number {
  return left.order - right.order || (left.id < right.id ? -1 : 1)
}

/** Marks and preferences wait for nothing that is said, and there is one of each in a chat. */
export function ownLane({ kind }: OutboxEntry): boolean {
  return kind === 'read' || kind === 'prefer'
}

/** What is said in a chat goes in one lane; what waits for nothing, and what has its time, has one of its own. */
export function laneOf(entry: OutboxEntry): string {
  if (entry.kind === 'delete') return DELETION + entry.message_id
  if (isTimed(entry)) return `later:${entry.id}`
  return ownLane(entry) ? `${entry.kind}:${entry.chat_id}` : entry.chat_id
}

/** Scrolling makes many marks; only where it comes to rest is worth telling the server. */
export function delayOf({ kind }: OutboxEntry): number {
  if (kind === 'delete') return SECOND_THOUGHT_MS
  return kind === 'read' ? READ_DELAY_MS : 0
}

/** For the server to send at its time: not said yet, whatever is said before and after it. */
export function isTimed(entry: OutboxEntry): boolean {
  return entry.kind === 'send' && entry.send_at !== undefined
}

/** As it is to be tried again: what came too late for its time is sent now. */
export function anew(entry: OutboxEntry): OutboxEntry {
  const again: OutboxEntry = { ...entry, state: 'queued', code: null }
  if (again.kind === 'send' && entry.code === TOO_LATE) delete again.send_at
  return again
}

export function isDeletion(lane: string): boolean {
  return lane.startsWith(DELETION)
}
