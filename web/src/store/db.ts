/** The local copy in IndexedDB: what paints first, and what must not be lost. */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Chat, Me, Message, Pin, User } from '../protocol/wire'
import type { Draft } from './contract'
import type { SharedDraft } from './draft-sync'
import { isNothing } from './drafts'
import { later, type JournalRow } from './journal'
import type { Parked } from './parking'
import type { NoticeEntry, OutboxEntry } from './state'

export const NAME = 'uptc-messenger'
const VERSION = 5

/** How far the copy of everything but open chats reaches; see `resume` in the protocol. */
export interface Position {
  log_epoch: string
  sync_token: string
  useq: number
}

/** How far the stored messages of a chat reach: whole between `from_seq` and the end, up to `cursor`. */
export interface StoredWindow {
  chat_id: string
  cursor: number
  from_seq: number
  more_before: boolean
  notices: readonly NoticeEntry[]
  /** About how much its messages take; never less. */
  bytes: number
  /** Epoch milliseconds at which somebody last looked at it: the oldest goes first when room is needed. */
  used_at: number
}

/** Where a person was reading: that message, so many pixels below the upper edge. */
export interface StoredPlace {
  chat_id: string
  seq: number
  offset: number
}

/** What the chat keeps at hand, newest pin first. */
export interface StoredPins {
  chat_id: string
  pins: readonly Pin[]
}

export interface StoredDraft {
  chat_id: string
  draft: Draft
  parked: Draft | null
  agreed?: SharedDraft | null
  other?: string | null
  left?: string | null
  /** Of two rows of a chat the one with the greater is newer. */
  at?: number
}

export interface StoredUser extends User {
  /** Epoch milliseconds; an old profile is fetched again. */
  fetched_at: number
}

/** What is to be sent and is not words. */
export interface StoredBlob {
  id: string
  blob: Blob
  size: number
  /** Epoch milliseconds. */
  at: number
}

interface Schema extends DBSchema {
  meta: { key: 'me' | 'owner' | 'position' | 'blocked'; value: Me | string | Position | readonly string[] }
  chats: { key: string; value: Chat }
  windows: { key: string; value: StoredWindow }
  messages: { key: [string, number]; value: Message; indexes: { by_id: string } }
  users: { key: string; value: StoredUser }
  outbox: { key: string; value: OutboxEntry }
  drafts: { key: string; value: StoredDraft }
  places: { key: string; value: StoredPlace }
  pins: { key: string; value: StoredPins }
  parked: { key: string; value: Parked }
  blobs: { key: string; value: StoredBlob }
}

export type Database = IDBPDatabase<Schema>

/** Of whoever is here; what others left unsent (`parked`) is not theirs to wipe. */
export const STORES = [
  'meta',
  'chats',
  'windows',
  'messages',
  'users',
  'outbox',
  'drafts',
  'places',
  'pins',
] as const
const COPIES = ['chats', 'windows', 'messages', 'users', 'places', 'pins'] as const

export function openDatabase(name: string = NAME): Promise<Database> {
  return openDB<Schema>(name, VERSION, {
    upgrade(database, from) {
      // What can be fetched again is not worth converting; what cannot has not changed its form.
      if (from === 1) for (const store of ['windows', 'messages'] as const) database.deleteObjectStore(store)
      if (from < 1) create(database)
      if (from < 2) createWindows(database)
      if (from < 3) database.createObjectStore('pins', { keyPath: 'chat_id' })
      if (from < 4) database.createObjectStore('parked', { keyPath: 'user_id' })
      database.createObjectStore('blobs', { keyPath: 'id' })
    },
    // Another tab wants to upgrade or delete: holding on would block it for ever.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
    },
  })
}

function create(database: Database): void {
  database.createObjectStore('meta')
  for (const store of ['chats', 'drafts'] as const) {
    database.createObjectStore(store, { keyPath: 'chat_id' })
  }
  database.createObjectStore('users', { keyPath: 'user_id' })
  database.createObjectStore('outbox', { keyPath: 'id' })
}

function createWindows(database: Database): void {
  database.createObjectStore('windows', { keyPath: 'chat_id' })
  database.createObjectStore('places', { keyPath: 'chat_id' })
  database.createObjectStore('messages', { keyPath: ['chat_id', 'seq'] }).createIndex('by_id', 'message_id')
}

export async function deleteDatabase(name: string = NAME): Promise<void> {
  await deleteDB(name)
}

/** Everything of the person who leaves. */
export async function wipe(database: Database): Promise<void> {
  await clear(database, STORES)
  // What others left unsent names its files, wherever in it they stand. No other code is fetched for this: it may be
  // the last thing that this page does.
  const left = JSON.stringify(await database.getAll('parked'))
  for (const id of await database.getAllKeys('blobs'))
    if (!left.includes(id)) await database.delete('blobs', id)
  await dropCaches('pictures', 'shared', 'replies')
}

/** What can be fetched again. Drafts and unsent messages exist nowhere else; who is here stays known. */
export async function wipeCopies(database: Database): Promise<void> {
  await clear(database, COPIES)
  await dropCaches('pictures')
  await Promise.all((['position', 'blocked'] as const).map((key) => database.delete('meta', key)))
}

/** Nobody is here any more; whose the drafts and unsent messages are stays known. */
export async function wipeSession(database: Database): Promise<void> {
  await wipeCopies(database)
  await database.delete('meta', 'me')
}

/** Missing on a page over plain HTTP. */
export async function dropCaches(...names: string[]): Promise<void> {
  if ('caches' in globalThis) await Promise.all(names.map((name) => caches.delete(name)))
}

async function clear(database: Database, stores: readonly (typeof STORES)[number][]): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite')
  await Promise.all([...stores.map((store) => transaction.objectStore(store).clear()), transaction.done])
}

/** All of one chat; after leaving it, nothing of it stays on this device but (`words`) what I wrote and did not send. */
export async function forgetChat(database: Database, chatId: string, words: boolean): Promise<void> {
  const stores = ['chats', 'windows', 'messages', 'drafts', 'places', 'pins'] as const
  const transaction = database.transaction(stores, 'readwrite')
  await Promise.all([
    transaction.objectStore('chats').delete(chatId),
    transaction.objectStore('windows').delete(chatId),
    words ? undefined : transaction.objectStore('drafts').delete(chatId),
    transaction.objectStore('places').delete(chatId),
    transaction.objectStore('pins').delete(chatId),
    transaction.objectStore('messages').delete(messagesOf(chatId)),
    transaction.done,
  ])
  // Whose pictures they are is not written on them; those of other chats come again.
  await dropCaches('pictures')
}

/** More than a chat has; a browser takes no greater step. */
const STEP_MAX = 2 ** 31

/** The newest `limit` stored messages of a chat before `before`, oldest first, and how far they reach. */
export async function readWindow(
  database: Database,
  chatId: string,
  limit: number,
  before = Number.MAX_SAFE_INTEGER,
): Promise<{ window: StoredWindow; messages: Message[] } | null> {
  const transaction = database.transaction(['windows', 'messages'])
  const store = transaction.objectStore('messages')
  const window = await transaction.objectStore('windows').get(chatId)
  if (window === undefined || window.from_seq >= before) return null
  const range = IDBKeyRange.bound([chatId, window.from_seq], [chatId, before], false, true)
  // Two steps over the keys and all rows at once: a step to each row would be a task for each.
  const last = await store.openKeyCursor(range, 'prev')
  const first = last === null || limit === 1 ? last : await last.advance(Math.min(limit, STEP_MAX) - 1)
  const rows = first === null ? range : IDBKeyRange.bound(first.primaryKey, [chatId, before], false, true)
  return { window, messages: await store.getAll(rows) }
}

/**
 * Something of mine to be sent, and what stands in the composer after it, in one transaction: a tab
 * that dies leaves the words in one of the two places, never in none and never in both.
 */
export async function storeEntry(
  database: Database,
  entry: OutboxEntry,
  draft: StoredDraft | null,
): Promise<void> {
  const transaction = database.transaction(['outbox', 'drafts'], 'readwrite', { durability: 'strict' })
  const puts = [
    transaction.objectStore('outbox').put(entry),
    draft === null ? undefined : putDraft(transaction.objectStore('drafts'), draft),
  ]
  // Said at once: a tab that dies in the next instant has handed everything over.
  transaction.commit()
  await Promise.all([...puts, transaction.done])
}

/** What a tab that died had written down and not stored; what is stored and newer stays. */
export async function recover(database: Database, rows: readonly JournalRow[]): Promise<void> {
  const transaction = database.transaction(['outbox', 'drafts'], 'readwrite')
  const drafts = transaction.objectStore('drafts')
  const outbox = transaction.objectStore('outbox')
  for (const row of rows) {
    await putDraft(drafts, later(await drafts.get(row.chat_id), row))
    for (const entry of row.entries) if ((await outbox.get(entry.id)) === undefined) await outbox.put(entry)
  }
  await transaction.done
}

interface DraftStore {
  put(draft: StoredDraft): Promise<unknown>
  delete(chatId: string): Promise<void>
}

/** An empty composer is no row. */
export function putDraft(store: DraftStore, draft: StoredDraft): Promise<unknown> {
  return isNothing(draft) ? store.delete(draft.chat_id) : store.put(draft)
}

export function messagesOf(chatId: string, fromSeq = 0): IDBKeyRange {
  return IDBKeyRange.bound([chatId, fromSeq], [chatId, Number.MAX_SAFE_INTEGER])
}
