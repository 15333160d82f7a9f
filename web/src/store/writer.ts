/** Writes what was collected (`saver.ts`), and keeps the whole within bounds. */
import { retells, textOf } from '../protocol/message'
import type { ChatEvent, Message } from '../protocol/wire'
import type { Database, StoredWindow } from './db'
import { keepMine, react } from './reactions'
import { makeRoom } from './room'
import type { Batch, WindowRows } from './saver'

/** How much the messages of all chats may take on this device. */
export const BYTES_MAX = 40_000_000
/** The bound is looked at whenever that part of it has come in. */
const CHECKS = 50

export class Writer {
  readonly #database: Database
  readonly #bytesMax: number
  /** Since the bound was last looked at; what former pages wrote is looked at with the first writing. */
  #grown = Infinity

  constructor(database: Database, bytesMax = BYTES_MAX) {
    this.#database = database
    this.#bytesMax = bytesMax
  }

  /** A full disk or a closed database costs the local copy, not the conversation. */
  async store(batch: Batch): Promise<void> {
    try {
      this.#grown += await this.#write(batch)
      if (this.#grown > this.#bytesMax / CHECKS) await this.#trim()
    } catch (refusal) {
      for (const rows of batch.windows) rows.failed()
      if (isFull(refusal)) await makeRoom(this.#database, 0).catch(() => undefined)
    }
  }

  async #trim(): Promise<void> {
    this.#grown = 0
    await makeRoom(this.#database, this.#bytesMax)
  }

  /** Answers how many bytes of messages were added. */
  async #write({ chats, users, windows, position }: Batch): Promise<number> {
    const transaction = this.#database.transaction(
      ['meta', 'chats', 'users', 'windows', 'messages'],
      'readwrite',
    )
    for (const chat of chats) await keepNewer(transaction.objectStore('chats'), chat, ({ seq }) => seq)
    if (position !== null) await transaction.objectStore('meta').put(position, 'position')
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
