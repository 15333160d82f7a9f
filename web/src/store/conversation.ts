/** One open chat: its window on the log, kept current by events and widened by pages. */
import { backoff } from '../protocol/backoff'
import type { ClientProblem } from '../protocol/problem'
import type { ChatEvent, SyncResult } from '../protocol/wire'
import { applyToTimeline } from './apply'
import { Catchup } from './catchup'
import type { Outcome } from './contract'
import { Edges, type Side } from './edges'
import { locate } from './locate'
import { emptyTimeline, type Timeline } from './state'
import {
  extendAfter,
  extendBefore,
  replay,
  unseenChanges,
  windowOf,
  withNotices,
  type HistoryPage,
} from './window'

/** More events than this during one fetch: the page is fetched again instead. */
const RECORDED_MAX = 1_000
/** The server answers at most this many events at once; older quiet lines are not worth a second call. */
const NOTICES_MAX = 200

export type Bound =
  { before_seq: number } | { after_seq: number } | { around_seq: number } | Record<string, never>

export interface ConversationPort {
  me(): string
  /** The newest seq that the server has told for this chat, by whatever way. */
  knownHead(): number
  page(bound: Bound): Promise<Outcome<HistoryPage>>
  events(after: number, limit: number): Promise<Outcome<readonly ChatEvent[]>>
  sync(from: number): Promise<Outcome<SyncResult>>
  /** The window is another one than before. */
  replaced(): void
  /** Where a window begins that has to be made anew, because it lags too far behind; its end where this is absent. */
  anew?(): Place
  /** Events were applied, in order. */
  applied(events: readonly ChatEvent[]): void
  /** Something to be drawn or stored is different. */
  changed(): void
}

export type Place = 'end' | { seq: number } | { unread_after: number }

/** What of it is shown is in these fields; each change of them is told by `changed`. */
export class Conversation {
  readonly chatId: string
  readonly #port: ConversationPort
  readonly #catchup: Catchup
  timeline: Timeline
  status: 'loading' | 'ready' | 'failed' = 'loading'
  problem: ClientProblem | null = null
  loadingBefore = false
  loadingAfter = false
  /** Each window that replaces the former one; what was asked for an older one is dropped. */
  #generation = 0
  #recorded: ChatEvent[] = []
  #failures = 0
  #retryTimer: ReturnType<typeof setTimeout> | null = null
  readonly #edges = new Edges((side) => void (side === 'before' ? this.loadBefore() : this.loadAfter()))
  #fetches = 0

  /** `local` is the stored copy, shown at once and brought up to date by `sync`. */
  constructor(chatId: string, local: Timeline | null, port: ConversationPort) {
    this.chatId = chatId
    this.#port = port
    this.timeline = local ?? { ...emptyTimeline(chatId, port.knownHead()), more_after: true }
    if (local !== null) this.status = 'ready'
    this.#catchup = new Catchup(this.timeline.cursor, {
      sync: (from) => port.sync(from),
      apply: (events, to) => this.#apply(events, to),
      reset: () => void this.load(port.anew?.() ?? 'end'),
    })
  }

  accept(event: ChatEvent): void {
    this.#catchup.accept(event)
  }

  head(seq: number): void {
    this.#catchup.head(seq)
  }

  opened(seq: number): void {
    this.#catchup.opened(seq)
    this.#edges.reopen()
  }

  offered(result: SyncResult): void {
    this.#catchup.offered(result)
  }

  get cursor(): number {
    return this.#catchup.cursor
  }

  suspend(): void {
    this.#catchup.suspend()
    this.#stopRetrying()
    this.#edges.rest()
  }

  /** The log is another one: no position in it, and nothing that is shown, means anything. */
  beginAnew(): void {
    this.timeline = { ...emptyTimeline(this.chatId, 0), more_after: true }
    this.#catchup.beginAnew()
    void this.load('end')
  }

  /** Replaces the window. What is shown stays until the page is there. */
  async load(place: Place): Promise<boolean> {
    const generation = (this.#generation += 1)
    this.#stopRetrying()
    const cursor = Math.max(this.#catchup.cursor, this.#port.knownHead())
    if (this.timeline.messages.length === 0) this.#say({ status: 'loading' })
    this.#catchup.pause()
    const page = await this.#recording(() => this.#fetch(place))
    if (generation !== this.#generation) return false
    if (!page.ok) {
      this.#catchup.unpause()
      this.#say({ status: this.timeline.messages.length > 0 ? 'ready' : 'failed', problem: page.problem })
      this.#again(place, page.problem)
      return false
    }
    if (page.overflowed) return this.load(place)
    this.#failures = 0
    this.#replace(page.value, cursor, page.events)
    return true
  }

  loadBefore(): Promise<void> {
    const first = this.timeline.messages[0]
    if (this.loadingBefore || !this.timeline.more_before || first === undefined) return Promise.resolve()
    if (this.#edges.waits('before')) return Promise.resolve()
    return this.#extend('before', { before_seq: first.seq }, extendBefore)
  }

  loadAfter(): Promise<void> {
    const last = this.timeline.messages.at(-1)
    if (this.loadingAfter || !this.timeline.more_after || last === undefined) return Promise.resolve()
    if (this.#edges.waits('after')) return Promise.resolve()
    return this.#extend('after', { after_seq: last.seq }, extendAfter)
  }

  /** True when the message of that seq is in the window afterwards. */
  async jumpTo(seq: number): Promise<boolean> {
    if (this.#has(seq)) return true
    await this.load({ seq })
    return this.#has(seq)
  }

  async jumpToEnd(): Promise<void> {
    if (this.timeline.more_after || this.status !== 'ready') await this.load('end')
  }

  /** A server that stumbles is asked again by itself; without a connection the next one asks. */
  #again(place: Place, { code, retryable, retry_after_ms }: ClientProblem): void {
    if (code === 'offline' || (!retryable && code !== 'unexpected')) return
    this.#failures += 1
    const wait = Math.max(backoff(this.#failures, 1), retry_after_ms ?? 0)
    this.#retryTimer = setTimeout(() => void this.load(place), wait)
  }

  #stopRetrying(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer)
    this.#retryTimer = null
  }

  #has(seq: number): boolean {
    return this.timeline.messages.some((message) => message.seq === seq)
  }

  #fetch(place: Place): Promise<Outcome<HistoryPage>> {
    if (place === 'end') return this.#port.page({})
    if ('seq' in place) return this.#port.page({ around_seq: place.seq })
    return locate(place.unread_after, (bound) => this.#port.page(bound))
  }

  #replace(page: HistoryPage, cursor: number, recorded: readonly ChatEvent[]): void {
    const from = page.as_of ?? cursor
    const window = windowOf(this.chatId, page, from)
    // What is not newer than the page's lower bound is in the page, perhaps overtaken already.
    const newer = recorded.filter(({ seq }) => seq > from)
    this.timeline = replay(window, newer, this.#port.me())
    this.#port.replaced()
    this.#say({ status: 'ready', problem: null })
    this.#catchup.restart(this.timeline.cursor)
    void this.#loadNotices(this.timeline.messages[0]?.seq ?? 1)
  }

  async #extend(
    side: Side,
    bound: Bound,
    join: (timeline: Timeline, page: HistoryPage) => Timeline,
  ): Promise<void> {
    const generation = this.#generation
    const flag = side === 'before' ? 'loadingBefore' : 'loadingAfter'
    this.#say({ [flag]: true })
    const page = await this.#recording(() => this.#port.page(bound))
    if (generation === this.#generation && page.ok && !page.overflowed) {
      const joined = join(this.timeline, page.value)
      this.timeline = replay(joined, page.events, this.#port.me())
      void this.#loadNotices(page.value.messages[0]?.seq ?? 1)
    }
    if (page.ok) this.#edges.came(side)
    else this.#edges.refused(side, page.problem)
    this.#say({ [flag]: false, problem: page.ok ? null : page.problem })
  }

  /** Runs a fetch while keeping the events that come meanwhile: the page may be older than they are. */
  async #recording(
    fetch: () => Promise<Outcome<HistoryPage>>,
  ): Promise<
    | { ok: true; value: HistoryPage; events: readonly ChatEvent[]; overflowed: boolean }
    | { ok: false; problem: ClientProblem }
  > {
    const from = this.#recorded.length
    this.#fetches += 1
    const outcome = await fetch()
    const events = this.#recorded.slice(from)
    const overflowed = this.#recorded.length >= RECORDED_MAX
    this.#fetches -= 1
    if (this.#fetches === 0) this.#recorded = []
    return outcome.ok ? { ok: true, value: outcome.value, events, overflowed } : outcome
  }

  /** Pages hold messages only: joining, titles and pins are fetched where the log has other changes. */
  async #loadNotices(from: number): Promise<void> {
    const generation = this.#generation
    const last = this.timeline.more_after ? (this.timeline.messages.at(-1)?.seq ?? 0) : this.timeline.cursor
    const missing = unseenChanges(this.timeline, from, Math.min(last, from + NOTICES_MAX - 1))
    if (missing === null) return
    const outcome = await this.#port.events(missing.after, missing.to - missing.after)
    if (!outcome.ok || generation !== this.#generation) return
    this.timeline = withNotices(this.timeline, outcome.value, this.#port.me())
    this.#port.changed()
  }

  #apply(events: readonly ChatEvent[], to: number): void {
    const me = this.#port.me()
    const applied = events.reduce((state, event) => applyToTimeline(state, event, me), this.timeline)
    this.timeline = { ...applied, cursor: Math.max(applied.cursor, to) }
    if (this.#fetches > 0 && this.#recorded.length < RECORDED_MAX) this.#recorded.push(...events)
    this.#port.applied(events)
    this.#port.changed()
  }

  #say(changed: Partial<Pick<Conversation, 'status' | 'problem' | 'loadingBefore' | 'loadingAfter'>>): void {
    Object.assign(this, changed)
    this.#port.changed()
  }
}
