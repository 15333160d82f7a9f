/** The local copy of whoever is signed in: opened once, read before the first paint, wiped at the end. */
import type { Chat, Me } from '../protocol/wire'
import {
  forgetChat,
  openDatabase,
  wipe,
  wipeCopies,
  type Database,
  type Position,
  type StoredDraft,
  type StoredUser,
} from './db'
import { Saver } from './saver'
import type { OutboxEntry } from './state'

export interface LocalCopy {
  position: Position | null
  chats: readonly Chat[]
  users: readonly StoredUser[]
  outbox: readonly OutboxEntry[]
  drafts: readonly StoredDraft[]
}

const NOTHING: LocalCopy = { position: null, chats: [], users: [], outbox: [], drafts: [] }

/** Without IndexedDB (some private windows) everything works, but nothing survives a reload. */
export class Local {
  readonly #name: string | undefined
  database: Database | null = null
  #saver: Saver | null = null

  constructor(name?: string) {
    this.#name = name
  }

  /** Who was here last; null for nobody. */
  async open(): Promise<Me | null> {
    try {
      this.database = await openDatabase(this.#name)
      this.#saver = new Saver(this.database)
      return ((await this.database.get('meta', 'me')) as Me | undefined) ?? null
    } catch {
      return null
    }
  }

  get saver(): Saver | null {
    return this.#saver
  }

  /** The copy of that person; somebody else's is wiped, unsent words included. */
  async read(me: Me): Promise<LocalCopy> {
    const database = this.database
    if (database === null) return NOTHING
    try {
      const owner = (await database.get('meta', 'owner')) as string | undefined
      if (owner !== me.user_id) await wipe(database)
      await this.saveMe(me)
      return await readAll(database)
    } catch {
      return NOTHING
    }
  }

  async saveMe(me: Me): Promise<void> {
    await this.#attempt(async (database) => {
      await database.put('meta', me, 'me')
      await database.put('meta', me.user_id, 'owner')
    })
  }

  /** Of a chat that was left nothing stays. */
  async forget(chatId: string): Promise<void> {
    this.#saver?.forget(chatId)
    await this.#attempt((database) => forgetChat(database, chatId))
  }

  async wipe(): Promise<void> {
    await this.#ending(wipe)
  }

  /** Unsent words stay for the same person. */
  async wipeCopies(): Promise<void> {
    await this.#ending(wipeCopies)
  }

  close(): void {
    this.#saver?.close()
    this.database?.close()
  }

  /** Nothing that is still to be written may be written afterwards. */
  async #ending(clear: (database: Database) => Promise<void>): Promise<void> {
    this.#saver?.close()
    await this.#attempt(clear)
    this.#saver = this.database === null ? null : new Saver(this.database)
  }

  async #attempt(work: (database: Database) => Promise<void>): Promise<void> {
    if (this.database === null) return
    try {
      await work(this.database)
    } catch {
      // The disk is full or the browser took the database away: only the copy is lost.
    }
  }
}

async function readAll(database: Database): Promise<LocalCopy> {
  const transaction = database.transaction(['meta', 'chats', 'users', 'outbox', 'drafts'])
  const [position, chats, users, outbox, drafts] = await Promise.all([
    transaction.objectStore('meta').get('position'),
    transaction.objectStore('chats').getAll(),
    transaction.objectStore('users').getAll(),
    transaction.objectStore('outbox').getAll(),
    transaction.objectStore('drafts').getAll(),
    transaction.done,
  ])
  return { position: (position as Position | undefined) ?? null, chats, users, outbox, drafts }
}
