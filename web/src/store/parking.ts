/** Unsent words of whoever used this browser before: put aside, never dropped, never shown to another. */
import { STORES, type Database, type StoredDraft } from './db'
import type { OutboxEntry } from './state'

/** So many people's words are kept; those of whoever has been away longest go first. */
const PEOPLE_MAX = 8

export interface Parked {
  user_id: string
  outbox: readonly OutboxEntry[]
  drafts: readonly StoredDraft[]
  /** Epoch milliseconds. */
  at: number
}

/**
 * `to` is here now instead of `from`, in one transaction: copies go, what `from` has not sent is put
 * aside, and what `to` once left unsent comes back. Words of nobody known are nobody's to keep.
 */
export async function changeHands(
  database: Database,
  from: string | undefined,
  to: string,
  now: number,
): Promise<void> {
  const transaction = database.transaction([...STORES, 'parked'], 'readwrite')
  const outboxes: Rows<OutboxEntry> = transaction.objectStore('outbox')
  const composers: Rows<StoredDraft> = transaction.objectStore('drafts')
  const parked: Rows<Parked> = transaction.objectStore('parked')
  const [outbox, drafts] = [await outboxes.getAll(), await composers.getAll()]
  for (const name of STORES) await transaction.objectStore(name).clear()
  if (from !== undefined && outbox.length + drafts.length > 0)
    await parked.put({ user_id: from, outbox, drafts, at: now })
  const mine = await take(parked, to)
  for (const entry of mine.outbox) await outboxes.put(entry)
  for (const draft of mine.drafts) await composers.put(draft)
  await transaction.done
}

interface Rows<T> {
  getAll(): Promise<T[]>
  put(row: T): Promise<unknown>
  delete(key: string): Promise<void>
}

/** What that person left; of the others only the latest stay. */
async function take(parked: Rows<Parked>, userId: string): Promise<Pick<Parked, 'outbox' | 'drafts'>> {
  const people = (await parked.getAll()).sort((one, other) => other.at - one.at)
  const others = people.filter(({ user_id }) => user_id !== userId)
  for (const { user_id } of others.slice(PEOPLE_MAX)) await parked.delete(user_id)
  await parked.delete(userId)
  return people.find(({ user_id }) => user_id === userId) ?? { outbox: [], drafts: [] }
}
