/** What may wait for a pause: it is done once, as it was asked for last. */
export class Calm {
  readonly #pauseMs: number
  readonly #waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; work: () => void }>()

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs
  }

  /** After a pause in which nothing else was asked for under that name. */
  later(name: string, work: () => void): void {
    clearTimeout(this.#waiting.get(name)?.timer)
    const timer = setTimeout(() => this.#now(name), this.#pauseMs)
    this.#waiting.set(name, { timer, work })
  }

  /** Everything that waits is done now, since the page may go. */
  flush(): void {
    for (const name of [...this.#waiting.keys()]) this.#now(name)
  }

  clear(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  #now(name: string): void {
    const waiting = this.#waiting.get(name)
    this.#waiting.delete(name)
    clearTimeout(waiting?.timer)
    waiting?.work()
  }
}
