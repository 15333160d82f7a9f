/** Fetching chats again, one at a time and not too often. */

/** What heads cannot tell (a title, a role) may be this late in a chat that is not open. */
const CALM_MS = 15_000

type Timer = ReturnType<typeof setTimeout>

export class Refresher {
  readonly #fetch: (chatId: string) => Promise<void>
  readonly #now: () => number
  readonly #queue = new Set<string>()
  readonly #fetchedAt = new Map<string, number>()
  readonly #later = new Map<string, Timer>()
  #running = false

  constructor(fetch: (chatId: string) => Promise<void>, now: () => number) {
    this.#fetch = fetch
    this.#now = now
  }

  /** As soon as the others are done. */
  now(chatId: string): void {
    this.#queue.add(chatId)
    void this.#run()
  }

  /** At most once in 15 s for each chat; the last wish is always granted. */
  calmly(chatId: string): void {
    const wait = (this.#fetchedAt.get(chatId) ?? 0) + CALM_MS - this.#now()
    if (wait <= 0) this.now(chatId)
    else if (!this.#later.has(chatId)) {
      const timer = setTimeout(() => {
        this.#later.delete(chatId)
        this.now(chatId)
      }, wait)
      this.#later.set(chatId, timer)
    }
  }

  clear(): void {
    for (const timer of this.#later.values()) clearTimeout(timer)
    this.#later.clear()
    this.#queue.clear()
    this.#fetchedAt.clear()
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    for (const chatId of this.#queue) {
      this.#queue.delete(chatId)
      this.#fetchedAt.set(chatId, this.#now())
      // One chat that cannot be shown keeps none of the others from it.
      await this.#fetch(chatId).catch(() => undefined)
    }
    this.#running = false
  }
}
