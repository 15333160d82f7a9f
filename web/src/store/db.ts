/** The local copy in IndexedDB: what paints first, and what must not be lost. */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Chat, Me, Message, User } from '../protocol/wire'
import type { Draft } from './contract'
import type { NoticeEntry, OutboxEntry } from './state'

const NAME = 'uptc-messenger'
const VERSION = 1

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
}

export interface StoredDraft {
  chat_id: string
  draft: Draft
  parked: Draft | null
}

export interface StoredUser extends User {
  /** Epoch milliseconds; an old profile is fetched again. */
  fetched_at: number
}

interface Schema extends DBSchema {
  meta: { key: 'me' | 'owner' | 'position'; value: Me | string | Position }
  chats: { key: string; value: Chat }
  windows: { key: string; value: StoredWindow }
  messages: { key: [string, number]; value: Message }
  users: { key: string; value: StoredUser }
  outbox: { key: string; value: OutboxEntry }
  drafts: { key: string; value: StoredDraft }
}

export type Database = IDBPDatabase<Schema>

const STORES = ['meta', 'chats', 'windows', 'messages', 'users', 'outbox', 'drafts'] as const
const COPIES = ['chats', 'windows', 'messages', 'users'] as const

export function openDatabase(name: string = NAME): Promise<Database> {
  return openDB<Schema>(name, VERSION, {
    upgrade(database) {
      database.createObjectStore('meta')
      for (const store of ['chats', 'windows', 'drafts'] as const) {
        database.createObjectStore(store, { keyPath: 'chat_id' })
      }
      database.createObjectStore('messages', { keyPath: ['chat_id', 'seq'] })
      database.createObjectStore('users', { keyPath: 'user_id' })
      database.createObjectStore('outbox', { keyPath: 'id' })
    },
    // Another tab wants to upgrade or delete: holding on would block it for ever.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
    },
  })
}

export async function deleteDatabase(name: string = NAME): Promise<void> {
  await deleteDB(name)
}

/** Everything of the person who leaves. */
export async function wipe(database: Database): Promise<void> {
  await clear(database, STORES)
}

/** What can be fetched again. Drafts and unsent messages exist nowhere else; whose they are stays known. */
export async function wipeCopies(database: Database): Promise<void> {
  await clear(database, COPIES)
  await Promise.all([database.delete('meta', 'me'), database.delete('meta', 'position')])
}

async function clear(database: Database, stores: readonly (typeof STORES)[number][]): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite')
  await Promise.all([...stores.map((store) => transaction.objectStore(store).clear()), transaction.done])
}

/** All of one chat; after leaving it, nothing of it stays on this device. */
export async function forgetChat(database: Database, chatId: string): Promise<void> {
  const stores = ['chats', 'windows', 'messages', 'drafts'] as const
  const transaction = database.transaction(stores, 'readwrite')
  await Promise.all([
    transaction.objectStore('chats').delete(chatId),
    transaction.objectStore('windows').delete(chatId),
    transaction.objectStore('drafts').delete(chatId),
    transaction.objectStore('messages').delete(messagesOf(chatId)),
    transaction.done,
  ])
}

/** The newest `limit` stored messages of a chat, oldest first, and how far they reach. */
export async function readWindow(
  database: Database,
  chatId: string,
  limit: number,
): Promise<{ window: StoredWindow; messages: Message[] } | null> {
  const transaction = database.transaction(['windows', 'messages'])
  const window = await transaction.objectStore('windows').get(chatId)
  if (window === undefined) return null
  const messages: Message[] = []
  let cursor = await transaction
    .objectStore('messages')
    .openCursor(messagesOf(chatId, window.from_seq), 'prev')
  while (cursor !== null && messages.length < limit) {
    messages.push(cursor.value)
    cursor = await cursor.continue()
  }
  return { window, messages: messages.reverse() }
}

export function messagesOf(chatId: string, fromSeq = 0): IDBKeyRange {
  return IDBKeyRange.bound([chatId, fromSeq], [chatId, Number.MAX_SAFE_INTEGER])
}
