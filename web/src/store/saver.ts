/** Writing behind: what changed is collected and stored in one transaction, with the position it belongs to. */
import type { Chat, ChatEvent, Message } from '../protocol/wire'
import type { Database, Position, StoredUser, StoredWindow } from './db'
import type { Writer } from './writer'

const DELAY_MS = 100

export interface WindowRows {
  window: StoredWindow
  /** Those that changed since they were stored. */
  messages: readonly Message[]
  /** The position of the former writing; what is stored up to there may stay. Null: nothing may. */
  base: number | null
  /** Changes since `base` of messages that are before the window. */
  outside: readonly ChatEvent[]
  me: string
  /** They could not be written. */
  failed(): void
}

/** What goes into one transaction. */
export interface Batch {
  chats: readonly Chat[]
  users: readonly StoredUser[]
  windows: readonly WindowRows[]
  position: Position | null
}

export type MakeWriter = (database: Database) => Pick<Writer, 'store'>

/**
 * What is to be stored until that is done. All of it comes from the server: what writes it comes with the code that
 * talks to one, and what is told before waits.
 *
 * The position (`sync_token`, `useq`) goes in with the rows that it speaks of or after them, never
 * before: a tab that dies in between asks for a little too much, not too little.
 *
 * Rows of the list and the position are written by one tab (`leads`), so that two that know different
 * things cannot mix their answers; the windows of chats are exact by their cursor, whoever writes them.
 */
export class Saver {
  readonly #database: Database
  readonly #leads: () => boolean
  #writer: Pick<Writer, 'store'> | null = null
  readonly #chats = new Map<string, Chat>()
  readonly #users = new Map<string, StoredUser>()
  readonly #windows = new Map<string, () => WindowRows | null>()
  #position: Position | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #flushing: Promise<void> = Promise.resolve()
  #closed = false

  constructor(database: Database, leads: () => boolean = () => true) {
    this.#database = database
    this.#leads = leads
  }

  /** From now on it is written, with what was told before. */
  follow(make: MakeWriter): void {
    this.#writer = make(this.#database)
    this.#soon()
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

  /** Everything told so far is stored, or the browser refused to, or nothing can be written yet. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#flushing = this.#flushing.then(() => this.#writeAll())
    return this.#flushing
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS)
  }

  async #writeAll(): Promise<void> {
    if (this.#closed || this.#writer === null) return
    const windows = drain(this.#windows).flatMap((read) => read() ?? [])
    const chats = drain(this.#chats)
    const position = this.#position
    this.#position = null
    const mine = this.#leads() ? { chats, position } : { chats: [], position: null }
    await this.#writer.store({ ...mine, users: drain(this.#users), windows })
  }
}

function drain<T>(map: Map<string, T>): T[] {
  const values = [...map.values()]
  map.clear()
  return values
}
