/** Keeps the stored copies of the chats on top of the list up to date, so that they can be read offline. */

/** Of the list's first lines; more is fetched when somebody looks at it. */
export const FILLED = 20
/** After the last news: what is on the screen comes first. */
const CALM_MS = 3_000
const PAUSE_MS = 100

export interface BackfillPort {
  /** Chats whose copy should be whole, most recent first. */
  wanted(): readonly { chat_id: string; seq: number }[]
  /** It is worth the network now: connected, leading, not asked to save data. */
  allowed(): boolean
  /** Brings the stored copy of that chat up to its head; true when it was. */
  bring(chatId: string): Promise<boolean>
}

export class Backfill {
  readonly #port: BackfillPort
  /** Up to where each copy is known to be whole. */
  readonly #whole = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #running = false
  #again = false

  constructor(port: BackfillPort) {
    this.#port = port
  }

  /** Something came, or the connection did. */
  soon(): void {
    this.#again = this.#running
    if (this.#running) return
    this.stop()
    this.#timer = setTimeout(() => void this.#run(), CALM_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  clear(): void {
    this.stop()
    this.#whole.clear()
  }

  async #run(): Promise<void> {
    this.#running = true
    for (const { chat_id, seq } of this.#port.wanted().slice(0, FILLED)) {
      if (!this.#port.allowed()) break
      if ((this.#whole.get(chat_id) ?? -1) >= seq) continue
      if (!(await this.#port.bring(chat_id))) break
      this.#whole.set(chat_id, seq)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    this.#running = false
    if (this.#again) this.soon()
  }
}
