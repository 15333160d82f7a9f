/** The two ends of a window: a page that was refused there is asked for again, but never at once. */
import { backoff } from '../protocol/backoff'
import type { ClientProblem } from '../protocol/problem'

export type Side = 'before' | 'after'

/** Whoever looks at the edge of a list asks with every movement: without this, as fast as it can. */
export class Edges {
  readonly #ask: (side: Side) => void
  readonly #failures = new Map<Side, number>()
  readonly #waiting = new Set<Side>()
  readonly #timers = new Map<Side, ReturnType<typeof setTimeout>>()

  constructor(ask: (side: Side) => void) {
    this.#ask = ask
  }

  /** It was refused; the next try comes by itself. */
  waits(side: Side): boolean {
    return this.#waiting.has(side)
  }

  came(side: Side): void {
    this.#failures.delete(side)
  }

  /** Without a connection the next one asks; else time does. */
  refused(side: Side, { code, retry_after_ms }: ClientProblem): void {
    this.#waiting.add(side)
    if (code === 'offline') return
    const failures = (this.#failures.get(side) ?? 0) + 1
    this.#failures.set(side, failures)
    const wait = Math.max(backoff(failures, 1), retry_after_ms ?? 0)
    this.#timers.set(
      side,
      setTimeout(() => this.#again(side), wait),
    )
  }

  /** There is a connection again. */
  reopen(): void {
    for (const side of [...this.#waiting]) this.#again(side)
  }

  /** Nothing is asked until then. */
  rest(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  #again(side: Side): void {
    clearTimeout(this.#timers.get(side))
    this.#timers.delete(side)
    this.#waiting.delete(side)
    this.#ask(side)
  }
}
