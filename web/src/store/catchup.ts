/** The client's rule for events: no change of a chat is applied out of order, twice, or never. */
import { backoff } from '../protocol/backoff'
import type { ChatEvent, SyncResult } from '../protocol/wire'
import type { Outcome } from './contract'

/** Two nodes may publish neighbours the wrong way round; longer than this it is a loss. */
const HOLD_MS = 50
/** More is not worth holding: `sync` will bring it. */
const HELD_MAX = 500
const RETRY_BASE_ATTEMPT = 1

export interface CatchupPort {
  /** Asks for the log after `from`; answers `offline` when there is no connection. */
  sync(from: number): Promise<Outcome<SyncResult>>
  /** The next changes, in order; afterwards the log is applied up to `to`. */
  apply(events: readonly ChatEvent[], to: number): void
  /** Too far behind: drop the local copy, load the newest page, then call `restart`. */
  reset(): void
}

/**
 * One chat's cursor c. `seq ≤ c` is ignored, `seq = c+1` applied, `seq > c+1` held for 50 ms and then
 * fetched with `sync` from c. At most one `sync` is under way; what a former connection answers is
 * dropped.
 */
export class Catchup {
  readonly #port: CatchupPort
  readonly #held = new Map<number, ChatEvent>()
  #cursor: number
  #target: number
  #generation = 0
  #syncing = false
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(cursor: number, port: CatchupPort) {
    this.#cursor = cursor
    this.#target = cursor
    this.#port = port
  }

  get cursor(): number {
    return this.#cursor
  }

  accept(event: ChatEvent): void {
    if (event.seq <= this.#cursor) return
    this.#target = Math.max(this.#target, event.seq)
    if (this.#held.size < HELD_MAX) this.#held.set(event.seq, event)
    if (this.#syncing) return
    this.#drain()
    this.#waitIfBehind(HOLD_MS)
  }

  /** The server says that the log has come this far. The events may still be on their way. */
  head(seq: number): void {
    this.#target = Math.max(this.#target, seq)
    if (!this.#syncing) this.#waitIfBehind(HOLD_MS)
  }

  /** The server's answer to opening: what lies up to this head will not come by itself. */
  opened(seq: number): void {
    this.#target = Math.max(this.#target, seq)
    if (this.#target > this.#cursor && !this.#syncing) void this.#sync()
  }

  /** Brought by the server on its own after `hello`. */
  offered(result: SyncResult): void {
    if (!this.#syncing && result.from_seq === this.#cursor) this.#take(result, this.#cursor)
  }

  /** The connection is gone; `opened` goes on. */
  suspend(): void {
    this.#generation += 1
    this.#syncing = false
    this.#failures = 0
    this.#held.clear()
    this.#stopTimer()
  }

  /** The log is another one: its numbers are other places. */
  beginAnew(): void {
    this.suspend()
    this.#cursor = 0
    this.#target = 0
  }

  /** A page is being loaded that will make it needless to ask: `restart` or `unpause` goes on. */
  pause(): void {
    this.#generation += 1
    this.#syncing = true
    this.#stopTimer()
  }

  /** The page could not be had. */
  unpause(): void {
    this.#syncing = false
    this.#drain()
    this.#waitIfBehind(HOLD_MS)
  }

  /** A page was loaded that contains everything up to `cursor`. */
  restart(cursor: number): void {
    this.#generation += 1
    this.#syncing = false
    this.#cursor = cursor
    this.#target = Math.max(this.#target, cursor)
    for (const seq of this.#held.keys()) if (seq <= cursor) this.#held.delete(seq)
    this.#drain()
    this.#waitIfBehind(HOLD_MS)
  }

  #drain(): void {
    const ready: ChatEvent[] = []
    for (let next = this.#held.get(this.#cursor + 1); next; next = this.#held.get(next.seq + 1)) {
      ready.push(next)
      this.#held.delete(next.seq)
    }
    const last = ready.at(-1)
    if (last !== undefined) this.#advance(ready, last.seq)
  }

  #advance(events: readonly ChatEvent[], to: number): void {
    this.#cursor = to
    if (this.#target <= to) this.#stopTimer()
    this.#port.apply(events, to)
  }

  #waitIfBehind(ms: number): void {
    if (this.#target <= this.#cursor) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      if (this.#target > this.#cursor && !this.#syncing) void this.#sync()
    }, ms)
  }

  async #sync(): Promise<void> {
    const generation = this.#generation
    const from = this.#cursor
    this.#stopTimer()
    this.#syncing = true
    const outcome = await this.#port.sync(from)
    if (generation !== this.#generation) return
    this.#syncing = false
    if (outcome.ok) this.#take(outcome.value, from)
    else this.#refused(outcome.problem.code, outcome.problem.retry_after_ms)
  }

  #take(result: SyncResult, from: number): void {
    if (result.reset) {
      this.#held.clear()
      this.#target = Math.max(this.#target, result.to_seq)
      this.#reset()
      return
    }
    if (result.to_seq <= from) {
      // Nothing gained although a head was told: asking again at once would be a loop.
      this.#again(null)
      return
    }
    this.#failures = 0
    const fresh = result.items.filter(({ seq }) => seq > this.#cursor)
    if (result.to_seq > this.#cursor) this.#advance(fresh, result.to_seq)
    for (const seq of this.#held.keys()) if (seq <= this.#cursor) this.#held.delete(seq)
    this.#drain()
    if (result.more && this.#cursor === result.to_seq) void this.#sync()
    else this.#waitIfBehind(HOLD_MS)
  }

  #refused(code: string, retryAfterMs: number | null): void {
    if (code === 'reset_required') this.#reset()
    // Left or removed: `chat.left` tells; offline: `opened` will ask again.
    else if (code !== 'not_found' && code !== 'offline') this.#again(retryAfterMs)
  }

  /** Nothing is asked for until the page is there. */
  #reset(): void {
    this.#syncing = true
    this.#port.reset()
  }

  #again(retryAfterMs: number | null): void {
    this.#failures += 1
    this.#waitIfBehind(Math.max(backoff(RETRY_BASE_ATTEMPT + this.#failures, 1), retryAfterMs ?? 0))
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
