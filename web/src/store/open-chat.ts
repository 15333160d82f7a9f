/** One chat that is open: its stored copy until something follows its log, then that. */
import type { Chat, ChatEvent } from '../protocol/wire'
import type { Place, TimelineView } from './contract'
import type { Conversation, ConversationPort, Place as LoadPlace } from './conversation'
import { timelineItems, type ItemCache } from './items'
import type { WindowKeeper } from './keeping'
import type { Live } from './line'
import type { LogPort } from './log-port'
import type { Paging } from './paging'
import type { Places } from './places'
import type { WindowRows } from './saver'
import { CATCH_UP_MAX, emptyTimeline, PAGE, type OutboxEntry, type Timeline } from './state'

/** What an open chat asks of the store. */
export interface OpenPort extends LogPort {
  places: Pick<Places, 'of'>
  now(): number
  /** My mark as shown, what is on its way included. */
  readN(chatId: string): number
}

/** And whom it tells what happens in it. */
type Told = Pick<ConversationPort, 'applied' | 'changed'>

/** What is shown of a conversation. */
type Shown = Pick<
  Conversation,
  'chatId' | 'timeline' | 'status' | 'problem' | 'loadingBefore' | 'loadingAfter' | 'cursor'
>

/** What follows the log of a chat. */
export interface Log {
  Conversation: Live['Conversation']
  logPort: Live['logPort']
  paging: Paging
}

export class OpenChat {
  readonly #port: OpenPort & Told
  readonly #keeper: WindowKeeper
  /** Null where nothing is stored that shows what is wanted. */
  readonly #local: Timeline | null
  /** The message that somebody wants to see. */
  readonly #seq: number | undefined
  readonly #cache: ItemCache = new WeakMap()
  /** The copy is painted before the code of what follows the log is asked for. */
  shown: Shown
  conversation: Conversation | null = null
  /** My mark when the chat was opened; null where nothing was unread. */
  divider: number | null = null
  /** The first unread message is still to come, and nobody has gone elsewhere. */
  #seeking = false
  #loads = 0

  constructor(
    chatId: string,
    keeper: WindowKeeper,
    local: Timeline | null,
    seq: number | undefined,
    port: OpenPort & Told,
  ) {
    this.#port = port
    this.#keeper = keeper
    this.#seq = seq
    const head = port.chat(chatId)?.seq ?? 0
    this.shown = stillOf(chatId, local, head)
    this.divide()
    // The end of a copy that begins below the first unread message would be taken for what is read.
    this.#local = seq === undefined && !this.#reaches() ? null : local
    this.shown = stillOf(chatId, this.#local, head)
  }

  /** Shown, perhaps again: what is unread from now on is below the line. */
  divide(): void {
    this.divider ??= this.#unreadAfter()
  }

  /** The copy shows what is wanted. */
  paints(): boolean {
    const place = this.#seq === undefined ? this.#place() : { seq: this.#seq }
    return this.#isNear() && this.#shows(place)
  }

  /** The first unread message has not been here yet: nothing that is shown below it is read. */
  skips(): boolean {
    if (this.#loads === 0) this.#seeking &&= !this.#reaches()
    return this.#seeking
  }

  /** Somebody goes elsewhere: what lies between is read, as far as they care. */
  leap(): void {
    this.#seeking = false
  }

  /** Shown once more: what is unread by now may lie where the window does not reach. */
  reopen(): void {
    this.divide()
    if (!this.#reaches()) void this.#load({ unread_after: this.divider ?? 0 })
    else this.recover()
  }

  /** What is wanted and could not be had is asked for again. */
  recover(): void {
    const { status } = this.shown
    if (status === 'failed' || (status === 'ready' && this.skips())) void this.#load(this.#place())
  }

  /** What follows the log is there: the chat goes on from its copy. */
  follow({ Conversation, logPort, paging }: Log): void {
    const { chatId } = this.shown
    const { applied, changed } = this.#port
    const port = logPort(chatId, this.#port, this.#keeper, (bound) =>
      paging.page(chatId, bound, this.shown.cursor),
    )
    const anew = () => this.#anew()
    const conversation = new Conversation(chatId, this.#local, { ...port, applied, changed, anew })
    this.shown = this.conversation = conversation
    const place = this.#place()
    const near = this.#isNear()
    // The answer to showing the chat may have come before there was anybody to take it.
    if (near) conversation.opened(port.knownHead())
    if (this.#seq !== undefined) void conversation.jumpTo(this.#seq)
    else if (place !== 'end' && 'seq' in place) void conversation.jumpTo(place.seq)
    else if (!near) void this.#load(place)
  }

  /** Changes that were applied. */
  note(events: readonly ChatEvent[]): void {
    this.#keeper.note(events, this.shown.timeline)
  }

  /** What of the window is to be stored now. */
  rows(): WindowRows | null {
    return this.#keeper.rows(this.shown.timeline, this.#port.now(), this.#port.me())
  }

  view(pending: readonly OutboxEntry[], receipts: ReadonlyMap<string, number> = new Map()): TimelineView {
    const { chatId, timeline, status, problem, loadingBefore, loadingAfter } = this.shown
    return {
      chat_id: chatId,
      // As long as that is awaited, what is shown is not what was opened.
      status: status === 'ready' && this.skips() ? 'loading' : status,
      items: timelineItems(timeline, pending, this.#port.me(), this.#cache),
      more_before: timeline.more_before,
      more_after: timeline.more_after,
      loading_before: loadingBefore,
      loading_after: loadingAfter,
      divider_n: this.divider,
      receipts,
      problem,
    }
  }

  #place(): LoadPlace {
    const { chatId } = this.shown
    return placeOf(this.#unreadAfter(), this.#port.chat(chatId), this.#port.places.of(chatId))
  }

  async #load(place: LoadPlace): Promise<void> {
    this.#seeking = place !== 'end' && 'unread_after' in place
    this.#loads += 1
    await this.conversation?.load(place)
    this.#loads -= 1
    this.#port.changed()
  }

  /** Where a window begins that has to be made anew. */
  #anew(): LoadPlace {
    const unread = this.#unreadAfter()
    this.divider = unread ?? this.divider
    const place = placeOf(unread, this.#port.chat(this.shown.chatId), null)
    this.#seeking = place !== 'end'
    return place
  }

  /** Neither counts what is not there: a place in the window, or its end. */
  #shows(place: LoadPlace): boolean {
    if (place === 'end' || 'unread_after' in place) return this.#reaches()
    return this.shown.timeline.messages.some(({ seq }) => seq === place.seq)
  }

  /** The window begins above the first unread message, where there is one. */
  #reaches(): boolean {
    const { messages, more_before, more_after } = this.shown.timeline
    const [first] = messages
    if (this.divider === null) return true
    return first === undefined ? !more_after : !more_before || first.n <= this.divider
  }

  #isNear(): boolean {
    const local = this.#local
    return local !== null && (this.#port.chat(local.chat_id)?.seq ?? 0) - local.cursor <= CATCH_UP_MAX
  }

  #unreadAfter(): number | null {
    const { chatId } = this.shown
    const readN = this.#port.readN(chatId)
    return (this.#port.chat(chatId)?.n ?? 0) > readN ? readN : null
  }
}

/** Around the first unread message when the newest page would not show it; where nothing is unread, where it was left. */
function placeOf(unreadAfter: number | null, chat: Chat | undefined, left: Place | null): LoadPlace {
  if (unreadAfter === null) return left === null ? 'end' : { seq: left.seq }
  return (chat?.n ?? 0) - unreadAfter >= PAGE ? { unread_after: unreadAfter } : 'end'
}

/** The stored copy as it is, or nothing yet. */
function stillOf(chatId: string, local: Timeline | null, head: number): Shown {
  const timeline = local ?? { ...emptyTimeline(chatId, head), more_after: true }
  const status = local === null ? 'loading' : 'ready'
  const { cursor } = timeline
  return { chatId, timeline, status, problem: null, loadingBefore: false, loadingAfter: false, cursor }
}

/** A chat that is not open yet. */
export function blank(chatId: string): TimelineView {
  return {
    chat_id: chatId,
    status: 'loading',
    items: [],
    more_before: false,
    more_after: false,
    loading_before: false,
    loading_after: false,
    divider_n: null,
    receipts: new Map(),
    problem: null,
  }
}
