/**
 * What was typed and sent in the last moments, written down before the database has taken it.
 *
 * A database answers later, and what it has not begun when a tab dies is lost. This is a place that
 * takes a row at once: it stands there until the database has it, and is read at the next start.
 */
import type { Draft } from './contract'
import type { StoredDraft } from './db'
import { isDraft, isEntry } from './shapes'
import type { OutboxEntry } from './state'

/** Of all people of this browser; more stand there only where a database takes nothing. */
export const ROWS_MAX = 32
/** Longer than any message; a pasted book is the database's alone. */
export const LENGTH_MAX = 64_000
/** The next key writes the same row again: it is not taken away between two. */
const SWEEP_MS = 1_000
const PREFIX = 'words:'

export interface JournalRow {
  chat_id: string
  /** As in the stored draft: which of the two is newer. */
  at: number
  draft: Draft
  parked: Draft | null
  /** Sent from here, and not in the database yet. */
  entries: readonly OutboxEntry[]
}

interface Line {
  row: JournalRow
  text: string
  /** The database has this draft or a newer one. */
  taken: boolean
}

/** The storage may be absent, full or somebody else's: then the database is all there is, as before. */
export class Journal {
  readonly #storage: () => Storage | null
  readonly #lines = new Map<string, Line>()
  #owner = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(storage: () => Storage | null = () => null) {
    this.#storage = storage
  }

  /** The words of that person follow; answers what their former pages left. */
  read(userId: string): readonly JournalRow[] {
    this.#owner = userId
    this.#lines.clear()
    const found = this.#attempt((storage) => left(storage)) ?? []
    const others = found.filter(({ key }) => !key.startsWith(this.#prefix))
    for (const { key } of others.slice(ROWS_MAX)) this.#erase(key)
    for (const { key, row, text } of found) {
      if (key !== this.#key(row.chat_id)) continue
      this.#lines.set(key, { row, text, taken: false })
    }
    return [...this.#lines.values()].map(({ row }) => row)
  }

  /** Written when this returns. `entry`: what was sent, leaving that draft. */
  note({ chat_id, draft, parked, at = 0 }: StoredDraft, entry?: OutboxEntry): void {
    const key = this.#key(chat_id)
    const before = this.#lines.get(key)?.row.entries ?? []
    const entries = entry === undefined ? before : [...before, entry]
    this.#write(key, { row: { chat_id, at, draft, parked, entries }, taken: false })
  }

  /** The database has that draft. */
  taken({ chat_id, at = 0 }: Pick<StoredDraft, 'chat_id' | 'at'>): void {
    const line = this.#lines.get(this.#key(chat_id))
    if (line === undefined || line.row.at > at) return
    line.taken = true
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#sweep(), SWEEP_MS)
  }

  /** The database has what was sent, or it is given up: it must not be sent again from here. */
  settled({ id, chat_id }: Pick<OutboxEntry, 'id' | 'chat_id'>): void {
    const key = this.#key(chat_id)
    const line = this.#lines.get(key)
    if (line?.row.entries.some((entry) => entry.id === id) !== true) return
    // Another tab has written the same chat's row since: that one is its own.
    if (this.#attempt((storage) => storage.getItem(key)) !== line.text) {
      this.#lines.delete(key)
      return
    }
    const entries = line.row.entries.filter((entry) => entry.id !== id)
    this.#write(key, { row: { ...line.row, entries }, taken: line.taken })
  }

  /** Of a chat that was left nothing stays. */
  drop(chatId: string): void {
    const key = this.#key(chatId)
    this.#lines.delete(key)
    this.#erase(key)
  }

  /** Everything of the person who leaves. */
  wipe(): void {
    this.#lines.clear()
    const keys = this.#attempt((storage) => keysOf(storage)) ?? []
    for (const key of keys) if (key.startsWith(this.#prefix)) this.#erase(key)
  }

  get #prefix(): string {
    return `${PREFIX}${this.#owner}:`
  }

  #key(chatId: string): string {
    return this.#prefix + chatId
  }

  #write(key: string, { row, taken }: Omit<Line, 'text'>): void {
    const text = JSON.stringify(row)
    // Set anew, so that the row not written for longest is the first.
    this.#lines.delete(key)
    const written =
      text.length <= LENGTH_MAX &&
      this.#attempt((storage) => {
        storage.setItem(key, text)
        return true
      }) === true
    // What cannot be written must not leave its former self behind, as if it were the latest.
    if (!written) this.#erase(key)
    else this.#lines.set(key, { row, text, taken })
    const [oldest] = this.#lines.keys()
    if (this.#lines.size > ROWS_MAX && oldest !== undefined) this.#forget(oldest)
  }

  #sweep(): void {
    this.#timer = undefined
    for (const [key, { row, text, taken }] of this.#lines) {
      if (!taken || row.entries.length > 0) continue
      // Another tab may have written the same chat's row meanwhile: that one is its own to take away.
      const mine = this.#attempt((storage) => storage.getItem(key) === text) === true
      this.#lines.delete(key)
      if (mine) this.#erase(key)
    }
  }

  #forget(key: string): void {
    this.#lines.delete(key)
    this.#erase(key)
  }

  #erase(key: string): void {
    this.#attempt((storage) => storage.removeItem(key))
  }

  #attempt<T>(work: (storage: Storage) => T): T | undefined {
    try {
      const storage = this.#storage()
      return storage === null ? undefined : work(storage)
    } catch {
      return undefined
    }
  }
}

/** The later of what a journal and the database say; what a journal does not hold is the database's. */
export function later(stored: StoredDraft | undefined, row: JournalRow): StoredDraft {
  const { chat_id, at, draft, parked } = row
  if (stored !== undefined && (stored.at ?? 0) >= at) return stored
  return { ...stored, chat_id, at, draft, parked }
}

interface Left {
  key: string
  row: JournalRow
  text: string
}

/** All rows, the newest first; what is no row goes. */
function left(storage: Storage): Left[] {
  const found: Left[] = []
  for (const key of keysOf(storage)) {
    const text = storage.getItem(key) ?? ''
    const row = rowOf(text)
    if (row === null) storage.removeItem(key)
    else found.push({ key, row, text })
  }
  return found.sort((one, other) => other.row.at - one.row.at)
}

function keysOf(storage: Storage): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
  return keys.filter((key) => key.startsWith(PREFIX))
}

function rowOf(text: string): JournalRow | null {
  try {
    const value: unknown = JSON.parse(text)
    const { at, entries } = (value ?? {}) as Partial<Record<keyof JournalRow, unknown>>
    if (!isDraft(value) || typeof at !== 'number' || !Array.isArray(entries)) return null
    return { ...value, at, entries: entries.filter(isEntry) }
  } catch {
    return null
  }
}
