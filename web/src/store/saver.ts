/** Writing behind: what changed is collected and stored in one transaction, with the position it belongs to. */
import type { Chat, Message } from '../protocol/wire'
import { type Database, type Position, type StoredUser, type StoredWindow } from './db'

const DELAY_MS = 100

export interface WindowRows {
  window: StoredWindow
  /** Those that changed since they were stored. */
  messages: readonly Message[]
}

/**
 * The position (`sync_token`, `useq`) goes in with the rows that it speaks of or after them, never
 * before: a tab that dies in between asks for a little too much, not too little.
 */
export class Saver {
  readonly #database: Database
  readonly #chats = new Map<string, Chat>()
  readonly #users = new Map<string, StoredUser>()
  readonly #windows = new Map<string, () => WindowRows | null>()
  #position: Position | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #flushing: Promise<void> = Promise.resolve()
  #closed = false

  constructor(database: Database) {
    this.#database = database
  }

  chat(chat: Chat): void {
    this.#chats.set(chat.chat_id, chat)
    this.#soon()
  }

  user(user: StoredUser): void {
    this.#users.set(user.user_id, user)
    this.#soon()
  }

  /** `read` is called when the rows are written, so that a burst of events is stored once. */
  window(chatId: string, read: () => WindowRows | null): void {
    this.#windows.set(chatId, read)
    this.#soon()
  }

  position(position: Position): void {
    this.#position = position
    this.#soon()
  }

  forget(chatId: string): void {
    this.#chats.delete(chatId)
    this.#windows.delete(chatId)
  }

  /** After this nothing is written any more. */
  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  /** Everything told so far is stored, or the browser refused to. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    // A full disk or a closed database costs the local copy, not the conversation.
    this.#flushing = this.#flushing.then(() => this.#write()).catch(() => undefined)
    return this.#flushing
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS)
  }

  async #write(): Promise<void> {
    if (this.#closed) return
    const chats = drain(this.#chats)
    const users = drain(this.#users)
    const windows = drain(this.#windows).flatMap((read) => read() ?? [])
    const position = this.#position
    this.#position = null
    const transaction = this.#database.transaction(
      ['meta', 'chats', 'users', 'windows', 'messages'],
      'readwrite',
    )
    for (const chat of chats) await keepNewer(transaction.objectStore('chats'), chat, ({ seq }) => seq)
    for (const user of users) await transaction.objectStore('users').put(user)
    for (const rows of windows) {
      const store = transaction.objectStore('windows')
      if (await keepNewer(store, rows.window, ({ cursor }) => cursor))
        await putRows(transaction.objectStore('messages'), rows)
    }
    if (position !== null) await transaction.objectStore('meta').put(position, 'position')
    await transaction.done
  }
}

interface Keyed<T> {
  get(key: string): Promise<T | undefined>
  put(value: T): Promise<unknown>
}

/** Two tabs write the same copy: the one that knows less must not put the other's back. */
async function keepNewer<T extends { chat_id: string }>(
  store: Keyed<T>,
  value: T,
  age: (value: T) => number,
): Promise<boolean> {
  const stored = await store.get(value.chat_id)
  if (stored !== undefined && age(stored) > age(value)) return false
  await store.put(value)
  return true
}

interface MessageStore {
  put(value: Message): Promise<unknown>
  delete(range: IDBKeyRange): Promise<void>
}

/** Rows before the window are let go: a hole between them and the window could not be seen any more. */
async function putRows(store: MessageStore, { window, messages }: WindowRows): Promise<void> {
  const { chat_id, from_seq } = window
  await store.delete(IDBKeyRange.bound([chat_id, 0], [chat_id, from_seq], false, true))
  for (const message of messages) await store.put(message)
}

function drain<T>(map: Map<string, T>): T[] {
  const values = [...map.values()]
  map.clear()
  return values
}
