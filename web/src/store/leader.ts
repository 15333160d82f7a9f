/** One tab of this browser does what must be done once: it sends, and it writes the list. */

export interface LeaderPort {
  /** This tab leads from now on; `stolen`: the one before it may still be there. */
  leading(stolen: boolean): void
}

/**
 * Held by a Web Lock, so that a tab that dies hands over without a word. Where there are no locks
 * (a page over plain HTTP) every tab leads: the names of messages keep each of them single even then.
 */
export class Leader {
  readonly #locks: LockManager | undefined
  readonly #name: string
  readonly #port: LeaderPort
  #leads = false
  #stopped = false
  #release: () => void = () => undefined
  #waiting: AbortController | null = null

  constructor(locks: LockManager | undefined, name: string, port: LeaderPort) {
    this.#locks = locks
    this.#name = `${name}-leader`
    this.#port = port
  }

  get leads(): boolean {
    return this.#leads
  }

  start(): void {
    this.#stopped = false
    if (this.#locks === undefined) this.#begin(true)
    else void this.#wait(false)
  }

  /** Takes it from a tab that does not do its work; that one waits for its turn again. */
  steal(): void {
    if (this.#leads || this.#stopped || this.#locks === undefined) return
    this.#waiting?.abort()
    void this.#wait(true)
  }

  stop(): void {
    this.#stopped = true
    this.#leads = false
    this.#waiting?.abort()
    this.#release()
  }

  async #wait(steal: boolean): Promise<void> {
    const waiting = new AbortController()
    this.#waiting = waiting
    // The two options exclude each other.
    const options: LockOptions = steal ? { steal: true } : { signal: waiting.signal }
    try {
      await this.#locks?.request(this.#name, options, () => this.#hold(steal))
    } catch {
      // Stolen, or given up waiting.
    }
    // A later request has taken the place of this one.
    if (this.#waiting !== waiting) return
    this.#leads = false
    if (!this.#stopped) void this.#wait(false)
  }

  #hold(stolen: boolean): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      this.#release = resolve
      this.#begin(stolen)
    })
  }

  #begin(stolen: boolean): void {
    this.#leads = true
    this.#port.leading(stolen)
  }
}
