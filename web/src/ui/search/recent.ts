const MOST = 8

/** The last searches of a person on this device; on a shared computer `storage` ends with the tab. */
export class Recent {
  readonly #key: string
  readonly #storage: Storage

  constructor(userId: string, storage: Storage) {
    this.#key = `searches:${userId}`
    this.#storage = storage
  }

  get list(): readonly string[] {
    try {
      const found: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? '[]')
      return Array.isArray(found) ? found.filter((each) => typeof each === 'string').slice(0, MOST) : []
    } catch {
      return []
    }
  }

  add(query: string): void {
    const wanted = query.trim()
    if (wanted === '') return
    const list = [wanted, ...this.list.filter((each) => each !== wanted)].slice(0, MOST)
    this.#storage.setItem(this.#key, JSON.stringify(list))
  }

  clear(): void {
    this.#storage.removeItem(this.#key)
  }
}
