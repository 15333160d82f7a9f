const MINUTE = 60_000

/** The time, refreshed each minute: enough for "today", "5 minutes ago" and a separator that turns at midnight. */
export class Clock {
  #now = $state(Date.now())

  get now(): number {
    return this.#now
  }

  /** Ticks until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => {
      this.#now = Date.now()
    }, MINUTE)
    return () => {
      clearInterval(timer)
    }
  }
}
