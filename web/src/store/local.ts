/** The local copy of whoever is signed in: opened once, read before the first paint, wiped at the end. */
import type { Chat, Me, Pin } from '../protocol/wire'
import {
  dropCaches,
  forgetChat,
  openDatabase,
  putDraft,
  readWindow,
  recover,
  storeEntry,
  wipe,
  wipeCopies,
  wipeSession,
  type Database,
  type Position,
  type StoredDraft,
  type StoredPlace,
  type StoredUser,
} from './db'
import { Journal, later, type JournalRow } from './journal'
import { FIRST_PAINT } from './keeping'
import { changeHands } from './parking'
import { Saver, type MakeWriter } from './saver'
import { isChat, isDraft, isEntry, isPin, isUser } from './shapes'
import type { OutboxEntry } from './state'

export interface LocalCopy {
  position: Position | null
  chats: readonly Chat[]
  users: readonly StoredUser[]
  outbox: readonly OutboxEntry[]
  drafts: readonly StoredDraft[]
  places: readonly StoredPlace[]
  blocked: readonly string[]
}

const NOTHING: LocalCopy = {
  position: null,
  chats: [],
  users: [],
  outbox: [],
  drafts: [],
  places: [],
  blocked: [],
}

type FoundWindow = Awaited<ReturnType<typeof readWindow>>

/** What is asked of the database with who is here: each answer that is waited for before the next is a turn of the page. */
interface Ahead {
  copy: Promise<[owner: unknown, copy: LocalCopy]>
  chatId: string | null
  window: Promise<FoundWindow> | null
}

/** Without IndexedDB (some private windows) everything works, but nothing survives a reload. */
export class Local {
  readonly #name: string | undefined
  readonly #leads: () => boolean
  readonly #journal: Journal
  database: Database | null = null
  #saver: Saver | null = null
  #makeWriter: MakeWriter | null = null
  #ahead: Ahead | null = null
  #window: Pick<Ahead, 'chatId' | 'window'> | null = null

  constructor(name?: string, leads: () => boolean = () => true, journal = new Journal()) {
    this.#name = name
    this.#leads = leads
    this.#journal = journal
  }

  /** Who was here last; null for nobody. `chatId`: what they will look at first. */
  async open(chatId: string | null = null): Promise<Me | null> {
    try {
      const database = await openDatabase(this.#name)
      const asked = database.get('meta', 'me')
      const ahead = lookAhead(database, chatId)
      const [me] = await Promise.all([asked, this.#use(database)])
      if (me === undefined) return null
      this.#ahead = ahead
      return me as Me
    } catch {
      return this.#rebuild()
    }
  }

  /** From now on nothing is stored, and what is there goes. */
  async forgo(): Promise<void> {
    await this.wipe()
    this.close()
    this.database = this.#saver = null
  }

  /** The end of the chat that was named to `open`, once; null for any other, and for what was not read ahead. */
  takeWindow(chatId: string): Promise<FoundWindow> | null {
    const found = this.#window
    this.#window = null
    return found?.chatId === chatId ? found.window : null
  }

  /** The code that writes what comes from the server is there. */
  follow(make: MakeWriter): void {
    this.#makeWriter = make
    this.#saver?.follow(make)
  }

  get saver(): Saver | null {
    return this.#saver
  }

  /**
   * The copy of that person; somebody else's is wiped, and their unsent words wait for them. What the
   * database had not taken when a tab died is in it.
   */
  async read(me: Me): Promise<LocalCopy> {
    return this.#completed(await this.#read(me), this.#journal.read(me.user_id))
  }

  async #read(me: Me): Promise<LocalCopy> {
    const database = this.database
    const ahead = this.#ahead
    this.#ahead = null
    if (database === null) return NOTHING
    try {
      const [owner, copy] = await (ahead?.copy ?? readCopy(database))
      if (owner === me.user_id) {
        this.#window = ahead
        void this.saveMe(me)
        return await this.#checked(database, copy)
      }
      await dropCaches('pictures')
      await changeHands(database, owner as string | undefined, me.user_id, Date.now())
      await this.saveMe(me)
      return await this.#checked(database, await readAll(database))
    } catch {
      this.#window = null
      await this.#rebuild()
      await this.saveMe(me)
      return this.database === null ? NOTHING : readAll(this.database).catch(() => NOTHING)
    }
  }

  /** On every input event; safe when this returns, stored when it ends. */
  async saveDraft(draft: StoredDraft): Promise<void> {
    this.#journal.note(draft)
    await this.#attempt(async (database) => {
      const transaction = database.transaction('drafts', 'readwrite')
      const put = putDraft(transaction.store, draft)
      // Said at once: a tab that dies in the next instant has handed everything over.
      transaction.commit()
      await Promise.all([put, transaction.done])
      this.#journal.taken(draft)
    })
  }

  /** Something of mine to be sent, and what stands in the composer after it; see `saveDraft`. */
  async storeEntry(entry: OutboxEntry, draft: StoredDraft | null): Promise<void> {
    if (draft !== null) this.#journal.note(draft, entry)
    if (this.database === null) return
    await storeEntry(this.database, entry, draft)
    this.#journal.settled(entry)
    if (draft !== null) this.#journal.taken(draft)
  }

  async eraseEntry(entry: OutboxEntry): Promise<void> {
    this.#journal.settled(entry)
    await this.database?.delete('outbox', entry.id)
  }

  async savePins(chatId: string, pins: readonly Pin[]): Promise<void> {
    await this.#attempt(async (database) => {
      if (pins.length === 0) await database.delete('pins', chatId)
      else await database.put('pins', { chat_id: chatId, pins })
    })
  }

  async readPins(chatId: string): Promise<readonly Pin[]> {
    const stored = await this.database?.get('pins', chatId).catch(() => undefined)
    const pins: unknown = stored?.pins
    return Array.isArray(pins) ? pins.filter(isPin) : []
  }

  async erasePlace(chatId: string): Promise<void> {
    await this.#attempt((database) => database.delete('places', chatId))
  }

  async saveBlocked(userIds: readonly string[]): Promise<void> {
    await this.#attempt(async (database) => {
      await database.put('meta', userIds, 'blocked')
    })
  }

  async savePlace(place: StoredPlace): Promise<void> {
    await this.#attempt(async (database) => {
      await database.put('places', place)
    })
  }

  async saveMe(me: Me): Promise<void> {
    await this.#attempt(async (database) => {
      const transaction = database.transaction('meta', 'readwrite')
      const puts = [transaction.store.put(me, 'me'), transaction.store.put(me.user_id, 'owner')]
      await Promise.all([...puts, transaction.done])
    })
  }

  /** Of a chat that was left nothing stays, but (`words`) my own that were not sent. */
  async forget(chatId: string, words = false): Promise<void> {
    this.#saver?.forget(chatId)
    if (!words) this.#journal.drop(chatId)
    await this.#attempt((database) => forgetChat(database, chatId, words))
  }

  /** Of a page that is being closed, with no time for more. */
  leave(): void {
    this.#journal.wipe()
  }

  async wipe(): Promise<void> {
    this.#journal.wipe()
    await this.#ending(wipe)
  }

  /** The session ended by itself: unsent words stay for the same person. */
  async expire(): Promise<void> {
    await this.#ending(wipeSession)
  }

  /** Whoever is here stays, and what they have not sent. */
  async wipeCopies(): Promise<void> {
    await this.#ending(wipeCopies)
  }

  close(): void {
    this.#saver?.close()
    this.database?.close()
  }

  /** Nothing that is still to be written may be written afterwards. */
  async #ending(clear: (database: Database) => Promise<void>): Promise<void> {
    this.#ahead = this.#window = null
    this.#saver?.close()
    await this.#attempt(clear)
    this.#saver = this.database === null ? null : this.#newSaver(this.database)
  }

  #newSaver(database: Database): Saver {
    const saver = new Saver(database, this.#leads)
    if (this.#makeWriter !== null) saver.follow(this.#makeWriter)
    return saver
  }

  async #use(database: Database): Promise<void> {
    this.database = database
    this.#saver = this.#newSaver(database)
    // Some browsers open a damaged database and fail at the first look into it.
    await database.count('outbox')
  }

  /** What only this device has is saved where it can be read; the server has the rest. */
  async #rebuild(): Promise<null> {
    this.#saver?.close()
    this.database?.close()
    this.database = this.#saver = null
    try {
      const { rescue } = await import('./rescue')
      await this.#use(await rescue(this.#name))
    } catch {
      // No database at all: everything works, and nothing survives a reload.
    }
    return null
  }

  /** Rows that are no rows: the copies go, and with them the position that spoke of them. */
  async #checked(database: Database, copy: LocalCopy): Promise<LocalCopy> {
    const outbox = copy.outbox.filter(isEntry)
    const drafts = copy.drafts.filter(isDraft)
    if (copy.chats.every(isChat) && copy.users.every(isUser)) return { ...copy, outbox, drafts }
    this.#window = null
    await wipeCopies(database)
    return { ...NOTHING, outbox, drafts }
  }

  /** What only the journal has goes where it belongs, once and for all tabs. */
  async #completed(copy: LocalCopy, rows: readonly JournalRow[]): Promise<LocalCopy> {
    if (rows.length === 0) return copy
    const drafts = new Map(copy.drafts.map((draft) => [draft.chat_id, draft]))
    const outbox = new Map(copy.outbox.map((entry) => [entry.id, entry]))
    for (const row of rows) {
      drafts.set(row.chat_id, later(drafts.get(row.chat_id), row))
      for (const entry of row.entries) if (!outbox.has(entry.id)) outbox.set(entry.id, entry)
    }
    await this.#attempt(async (database) => {
      await recover(database, rows)
      for (const row of rows) {
        this.#journal.taken(row)
        for (const entry of row.entries) this.#journal.settled(entry)
      }
    })
    return { ...copy, drafts: [...drafts.values()], outbox: [...outbox.values()] }
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

function lookAhead(database: Database, chatId: string | null): Ahead {
  const copy = readCopy(database)
  const window = chatId === null ? null : readWindow(database, chatId, FIRST_PAINT)
  // Whoever takes them hears of a failure.
  for (const each of [copy, window]) each?.catch(() => undefined)
  return { copy, chatId, window }
}

function readCopy(database: Database): Promise<[owner: unknown, copy: LocalCopy]> {
  return Promise.all([database.get('meta', 'owner'), readAll(database)])
}

async function readAll(database: Database): Promise<LocalCopy> {
  const transaction = database.transaction(['meta', 'chats', 'users', 'outbox', 'drafts', 'places'])
  const [position, blocked, chats, users, outbox, drafts, places] = await Promise.all([
    transaction.objectStore('meta').get('position'),
    transaction.objectStore('meta').get('blocked'),
    transaction.objectStore('chats').getAll(),
    transaction.objectStore('users').getAll(),
    transaction.objectStore('outbox').getAll(),
    transaction.objectStore('drafts').getAll(),
    transaction.objectStore('places').getAll(),
    transaction.done,
  ])
  return {
    position: (position as Position | undefined) ?? null,
    chats,
    users,
    outbox,
    drafts,
    places,
    blocked: Array.isArray(blocked) ? (blocked as string[]) : [],
  }
}
