/** The bytes of what is to be sent: on this device's disk, so that they outlive the page. */
import type { Database } from '../db'
import { referenced } from './named'

/** More than this of unsent files stays with the tab that has them, and goes with it. */
export const STORED_MAX = 400_000_000
/** A file is on the shelf a moment before the composer names it. */
const UNNAMED_MS = 600_000

export class Shelf {
  readonly #database: () => Database | null
  readonly #max: number
  /** What the disk does not take, and what it took in this page: a `File` is only a reference. */
  readonly #here = new Map<string, Blob>()
  /** Of these what the disk did not take. */
  readonly #unstored = new Set<string>()

  constructor(database: () => Database | null, max = STORED_MAX) {
    this.#database = database
    this.#max = max
  }

  /** Something goes with the page. */
  get holds(): boolean {
    return this.#unstored.size > 0
  }

  /** Whether it outlives the page. */
  async put(id: string, blob: Blob, now: number): Promise<boolean> {
    this.#here.set(id, blob)
    this.#unstored.add(id)
    const safe = await this.#store(id, blob, now)
    if (safe) this.#unstored.delete(id)
    return safe
  }

  async #store(id: string, blob: Blob, now: number): Promise<boolean> {
    const database = this.#database()
    if (database === null) return false
    try {
      const others = await database.getAll('blobs')
      const used = others.reduce((total, { size }) => total + size, 0)
      if (used + blob.size > this.#max) return false
      await database.put('blobs', { id, blob, size: blob.size, at: now })
      return true
    } catch {
      // A full disk, or a browser that stores no files.
      return false
    }
  }

  /** Null: it was on another page that is gone. */
  async get(id: string): Promise<Blob | null> {
    const here = this.#here.get(id)
    if (here !== undefined) return here
    const stored = await this.#database()
      ?.get('blobs', id)
      .catch(() => undefined)
    return stored?.blob ?? null
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#here.delete(id)
      this.#unstored.delete(id)
      await this.#database()
        ?.delete('blobs', id)
        .catch(() => undefined)
    }
  }

  /** What no composer, no message on its way and no parked word names is nobody's. */
  async sweep(now: number): Promise<void> {
    const database = this.#database()
    if (database === null) return
    const named = await referenced(database)
    const rows = await database.getAll('blobs')
    const lost = rows.filter(({ id, at }) => !named.has(id) && now - at > UNNAMED_MS)
    await this.remove(lost.map(({ id }) => id))
  }

  clear(): void {
    this.#here.clear()
    this.#unstored.clear()
  }
}
