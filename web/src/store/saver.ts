/** Writing behind: what changed is collected and stored in one transaction, with the position it belongs to. */
import { retells, textOf } from '../protocol/message'
import type { Chat, ChatEvent, Message } from '../protocol/wire'
import { keepMine, react } from './apply'
import { type Database, type Position, type StoredUser, type StoredWindow } from './db'

const DELAY_MS = 100
/** How much the messages of all chats may take on this device. */
export const BYTES_MAX = 40_000_000
/** The bound is looked at whenever that part of it has come in. */
const CHECKS = 50

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

/**
 * The position (`sync_token`, `useq`) goes in with the rows that it speaks of or after them, never
 * before: a tab that dies in between asks for a little too much, not too little.
 *
 * Rows of the list and the position are written by one tab (`leads`), so that two that know different
 * things cannot mix their answers; the windows of chats are exact by their cursor, whoever writes them.
 */
export class Saver {
  readonly #database: Database
  readonly #leads: () => boolean
  readonly #bytesMax: number
  readonly #chats = new Map<string, Chat>()
  readonly #users = new Map<string, StoredUser>()
  readonly #windows = new Map<string, () => WindowRows | null>()
  #position: Position | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #flushing: Promise<void> = Promise.resolve()
  #closed = false
  /** Since the bound was last looked at; what former pages wrote is looked at with the first writing. */
  #grown = Infinity

  constructor(database: Database, leads: () => boolean = () => true, bytesMax = BYTES_MAX) {
    this.#database = database
    this.#leads = leads
    this.#bytesMax = bytesMax
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
    this.#flushing = this.#flushing.then(() => this.#writeAll())
    return this.#flushing
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS)
  }

  /** A full disk or a closed database costs the local copy, not the conversation. */
  async #writeAll(): Promise<void> {
    if (this.#closed) return
    const windows = drain(this.#windows).flatMap((read) => read() ?? [])
    try {
      const written = await this.#write(windows)
      this.#grown += written
      if (this.#grown > this.#bytesMax / CHECKS) await this.#trim()
    } catch (refusal) {
      for (const rows of windows) rows.failed()
      if (isFull(refusal)) await this.#makeRoom(0).catch(() => undefined)
    }
  }

  async #trim(): Promise<void> {
    this.#grown = 0
    await this.#makeRoom(this.#bytesMax)
  }

  async #makeRoom(bytesMax: number): Promise<void> {
    const { makeRoom } = await import('./room')
    await makeRoom(this.#database, bytesMax)
  }

  /** Answers how many bytes of messages were added. */
  async #write(windows: readonly WindowRows[]): Promise<number> {
    const chats = drain(this.#chats)
    const users = drain(this.#users)
    const position = this.#position
    this.#position = null
    const transaction = this.#database.transaction(
      ['meta', 'chats', 'users', 'windows', 'messages'],
      'readwrite',
    )
    if (this.#leads()) {
      for (const chat of chats) await keepNewer(transaction.objectStore('chats'), chat, ({ seq }) => seq)
      if (position !== null) await transaction.objectStore('meta').put(position, 'position')
    }
    for (const user of users) await transaction.objectStore('users').put(user)
    let added = 0
    for (const rows of windows) {
      added += await putWindow(transaction.objectStore('windows'), transaction.objectStore('messages'), rows)
    }
    await transaction.done
    return added
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
): Promise<void> {
  const stored = await store.get(value.chat_id)
  if (stored === undefined || age(stored) <= age(value)) await store.put(value)
}

interface MessageStore {
  get(key: [string, number]): Promise<Message | undefined>
  put(value: Message): Promise<unknown>
  delete(range: IDBKeyRange): Promise<void>
  index(name: 'by_id'): { get(id: string): Promise<Message | undefined> }
}

/**
 * Rows before the window stay while the writer has followed every change since they were exact;
 * otherwise they are let go: a hole between them and the window could not be seen any more.
 */
async function putWindow(
  windows: Keyed<StoredWindow>,
  store: MessageStore,
  rows: WindowRows,
): Promise<number> {
  const { window, base } = rows
  const { chat_id } = window
  const stored = await windows.get(chat_id)
  if (stored !== undefined && stored.cursor > window.cursor) return 0
  const added = rows.messages.reduce((sum, message) => sum + bytesOf(message), 0)
  const follows =
    stored !== undefined && base !== null && stored.cursor >= base && stored.from_seq <= window.from_seq
  if (follows) {
    const { from_seq, more_before } = stored
    await windows.put({ ...window, from_seq, more_before, bytes: stored.bytes + added })
    for (const event of rows.outside) await amend(store, event, rows.me)
  } else {
    await windows.put({ ...window, bytes: added })
    await store.delete(IDBKeyRange.bound([chat_id, 0], [chat_id, window.from_seq], false, true))
  }
  for (const message of rows.messages) await store.put(message)
  return added
}

/** A change of a message that is stored and not in the window. */
async function amend(store: MessageStore, event: ChatEvent, me: string): Promise<void> {
  if (retells(event)) {
    const old = await store.get([event.chat_id, event.data.seq])
    if (old !== undefined) await store.put(keepMine(old, event.data))
  } else if (event.kind === 'reaction.changed') {
    const { message_id, emoji, count, user_id, on } = event.data
    const old = await store.index('by_id').get(message_id)
    if (old?.chat_id === event.chat_id)
      await store.put({
        ...old,
        reactions: react(old.reactions, { emoji, count }, user_id === me ? on : null),
      })
  }
}

/** UTF-16 and the rest of the row; a little too much rather than too little. */
function bytesOf(message: Message): number {
  return 600 + 2 * textOf(message).length + 120 * message.reactions.length
}

function isFull(refusal: unknown): boolean {
  return refusal instanceof DOMException && refusal.name === 'QuotaExceededError'
}

function drain<T>(map: Map<string, T>): T[] {
  const values = [...map.values()]
  map.clear()
  return values
}
