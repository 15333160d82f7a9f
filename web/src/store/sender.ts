/** What brings the entries of the outbox to the server; fetched with what talks to it. */
import type { ClientProblem } from '../protocol/problem'
import type { Outcome } from './contract'
import type { Entries } from './entries'
import { laneOf } from './lanes'
import type { Confirmation, OutboxPort } from './outbox'
import type { Pauses } from './pauses'
import { isTrifle, isUnanswered, waits, whyFailed } from './refusals'
import type { OutboxEntry } from './state'

/** What becomes of an entry, here and in every tab. */
export interface Books {
  entries: Entries
  pauses: Pauses
  /** It is another one now, and not stored as such. */
  show(entry: OutboxEntry): void
  /** It is another one now, also on the disk. */
  change(entry: OutboxEntry): void
  fail(entry: OutboxEntry, code: string): void
  drop(entry: OutboxEntry): void
  erase(entry: OutboxEntry): void
}

type SenderPort = Pick<OutboxPort, 'perform' | 'ended' | 'leads' | 'online' | 'random'>

/**
 * One entry is under way in each lane: what was written first arrives first. A refusal that may pass is
 * tried again with the same id; one that will not marks the entry failed and lets the next go.
 */
export class Sender {
  readonly #books: Books
  readonly #port: SenderPort
  /** What is under way in each lane. */
  readonly #busy = new Map<string, string>()
  /** Why a lane has been refused more than once. */
  readonly #reasons = new Map<string, string>()
  /** There is a connection, as far as is known. */
  open = false

  constructor(books: Books, port: SenderPort) {
    this.#books = books
    this.#port = port
  }

  /** Sends what is next in that lane, when it may. */
  run(lane: string): void {
    const { entries, pauses } = this.#books
    if (!this.#port.leads() || !this.open || this.#busy.has(lane) || pauses.has(lane)) return
    const next = entries.queued(lane)[0]
    if (next === undefined) return
    this.#busy.set(lane, next.id)
    void this.#perform(next, lane)
  }

  /** The ids of what no answer has come to. */
  underWay(): string[] {
    return [...this.#busy.values()]
  }

  isBusy(entry: OutboxEntry): boolean {
    return this.#busy.get(laneOf(entry)) === entry.id
  }

  /** Why what waits in that lane waits, where that goes on. */
  reason(lane: string): string | null {
    return this.#reasons.get(lane) ?? null
  }

  clear(): void {
    this.open = false
    this.#reasons.clear()
  }

  async #perform(entry: OutboxEntry, lane: string): Promise<void> {
    let latest = entry
    // Replaced by a newer read mark, discarded, or already seen as an event.
    const counts = () => this.#books.entries.get(entry.id) === latest
    const outcome = await this.#port.perform(entry, () => {
      if (!counts()) return
      this.#books.pauses.forgive(lane)
      this.#explain(lane, null)
      latest = this.#books.entries.get(entry.id) ?? latest
    })
    this.#busy.delete(lane)
    if (counts()) this.#conclude(latest, outcome)
    this.run(lane)
  }

  #conclude(entry: OutboxEntry, outcome: Outcome<Confirmation>): void {
    const lane = laneOf(entry)
    if (outcome.ok || !waits(outcome.problem)) this.#explain(lane, null)
    if (outcome.ok) {
      this.#books.pauses.forgive(lane)
      this.#confirm(entry, outcome.value.seq)
    } else if (waits(outcome.problem)) {
      if (entry.kind === 'send' && isUnanswered(outcome.problem)) this.#books.change({ ...entry, told: true })
      this.#pause(lane, outcome.problem)
    } else if (isTrifle(entry, outcome.problem)) {
      // Nothing of the person's words is lost: the server's state shows again.
      this.#books.drop(entry)
    } else {
      this.#books.fail(entry, whyFailed(entry, outcome.problem))
    }
  }

  /** It is safe with the server; here it only fills the gap until its event arrives. */
  #confirm(entry: OutboxEntry, seq: number | null): void {
    this.#port.ended(entry, true)
    if (seq === null) {
      this.#books.drop(entry)
      return
    }
    this.#books.show({ ...entry, state: 'confirmed', code: null, seq })
    this.#books.erase(entry)
  }

  #pause(lane: string, refusal: ClientProblem): void {
    const times = this.#books.pauses.refused(lane, refusal, this.#port.random())
    if (refusal.code === 'offline') {
      this.#explain(lane, null)
      // A request may find no network where the socket still lives: then only this lane waits for it.
      if (!this.#port.online()) this.open = false
    } else if (times > 1 && refusal.retryable) {
      // Most refusals have passed at the second attempt: nobody needs to read of those.
      this.#explain(lane, refusal.details?.['reason'] ?? refusal.code)
    }
  }

  /** What waits in a lane says why, in every tab; that is known here only and not stored. */
  #explain(lane: string, code: string | null): void {
    if (this.reason(lane) === code) return
    if (code === null) this.#reasons.delete(lane)
    else this.#reasons.set(lane, code)
    for (const entry of this.#books.entries.queued(lane)) this.#books.show({ ...entry, code })
  }
}
