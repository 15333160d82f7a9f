/** Lanes that wait: for a second thought, for scrolling to come to rest, for a server that refused. */
import { backoff } from '../protocol/backoff'
import type { ClientProblem } from '../protocol/problem'

export class Pauses {
  readonly #ended: (lane: string) => void
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #refusals = new Map<string, number>()

  constructor(ended: (lane: string) => void) {
    this.#ended = ended
  }

  has(lane: string): boolean {
    return this.#timers.has(lane)
  }

  begin(lane: string, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(lane)
      this.#ended(lane)
    }, ms)
    this.#timers.set(lane, timer)
  }

  /** Longer after each refusal, and at least as long as the server says; answers the how manieth in a row it was. */
  refused(lane: string, { retry_after_ms }: ClientProblem, random: number): number {
    const times = (this.#refusals.get(lane) ?? 0) + 1
    this.#refusals.set(lane, times)
    this.begin(lane, Math.max(backoff(times, random), retry_after_ms ?? 0))
    return times
  }

  /** The next refusal is the first one. */
  forgive(lane: string): void {
    this.#refusals.delete(lane)
  }

  /** Ends those of these lanes now; answers which. */
  cut(wanted: (lane: string) => boolean): string[] {
    const lanes = [...this.#timers.keys()].filter(wanted)
    for (const lane of lanes) {
      clearTimeout(this.#timers.get(lane))
      this.#timers.delete(lane)
    }
    return lanes
  }

  clear(): void {
    this.cut(() => true)
    this.#refusals.clear()
  }
}
