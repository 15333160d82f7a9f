/** The open conversations: what they show, and what is done in them. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import { textOf } from '../protocol/message'
import type {
  Chat,
  ChatEvent,
  Head,
  Message,
  Origin,
  Pin,
  ReactionEntry,
  Revision,
  ScheduledUpdate,
  SyncResult,
} from '../protocol/wire'
import type {
  Draft,
  LaterApi,
  MessageInput,
  MessageItem,
  MessagesApi,
  Outcome,
  Page,
  Place,
  PreferenceChange,
  TimelineView,
} from './contract'
import type { Conversation, ConversationPort, Place as LoadPlace } from './conversation'
import type { Database, readWindow, StoredDraft } from './db'
import type { Drafts } from './drafts.svelte'
import { timelineItems, type ItemCache } from './items'
import { WindowKeeper } from './keeping'
import { Deeds, type Carrier } from './deeds'
import type { Line, Live } from './line'
import type { Marked } from './performing'
import type { OutboxChange } from './outbox'
import type { Paging } from './paging'
import { Pins } from './pins.svelte'
import type { Places } from './places'
import { Receipts } from './receipts'
import type { WindowRows } from './saver'
import { CATCH_UP_MAX, emptyTimeline, PAGE, type OutboxEntry, type Timeline } from './state'
import type { TypingSender } from './typing'

/** Chats whose windows stay in memory and whose events flow. */
const KEPT = 3
const SYNC_LIMIT = 200

export interface MessagesPort {
  api: Api
  connection: Pick<Line, 'request' | 'live' | 'perform'>
  drafts: Drafts
  typing: TypingSender
  places: Places
  me(): string
  now(): number
  newId(): string
  database(): Database | null
  chat(chatId: string): Chat | undefined
  /** My mark as shown, what is on its way included. */
  readN(chatId: string): number
  applied(event: ChatEvent): void
  marked: Marked
  prefer(chatId: string, change: PreferenceChange): Promise<Outcome<void>>
  saveWindow(chatId: string, read: () => WindowRows | null): void
  /** The end of that chat's copy, when the start of the page has asked for it already. */
  windowAhead(chatId: string): ReturnType<typeof readWindow> | null
  flush(): Promise<void>
  storeEntry(entry: OutboxEntry, draft: StoredDraft | null): Promise<void>
  eraseEntry(entry: OutboxEntry): Promise<void>
  leads(): boolean
  lead(): void
  carrier(): Promise<Carrier>
  tellTabs(change: OutboxChange): void
  /** The list's line for that chat shows something else. */
  redraw(chatId: string): void
  /** Other chats are open than before. */
  viewChanged(): void
  savePins(chatId: string, pins: readonly Pin[]): void
  readPins(chatId: string): Promise<readonly Pin[]>
}

/** What is shown of a conversation. */
type Shown = Pick<
  Conversation,
  'chatId' | 'timeline' | 'status' | 'problem' | 'loadingBefore' | 'loadingAfter' | 'cursor'
>

/** What follows the log of a chat. */
interface Log {
  Conversation: Live['Conversation']
  paging: Paging
}

interface Opened {
  /** The stored copy, as long as nothing follows the log: it is painted before the code for that is asked for. */
  shown: Shown
  conversation: Conversation | null
  /** Null where nothing is stored. */
  local: Timeline | null
  /** The message that somebody wants to see. */
  at_seq: number | undefined
  keeper: WindowKeeper
  cache: ItemCache
  divider: number | null
}

export class Messages implements MessagesApi {
  readonly #port: MessagesPort
  readonly #views = new SvelteMap<string, TimelineView>()
  readonly #opened = new Map<string, Opened>()
  readonly #opening = new Set<string>()
  readonly #dirty = new Set<string>()
  readonly #listeners = new Set<(message: Message) => void>()
  readonly #receipts: Receipts
  #log: Log | null = null
  #follows: () => void = () => undefined
  /** Some conversation is followed from now on. */
  readonly #following = new Promise<void>((resolve) => (this.#follows = resolve))
  #want: () => void = () => undefined
  /** Somebody waits for what is not stored here: that cannot be painted without the code that brings it. */
  readonly wanting = new Promise<void>((resolve) => (this.#want = resolve))
  readonly #pins: Pins
  readonly deeds: Deeds
  scheduled_news = $state.raw<ScheduledUpdate | null>(null)
  /** Newest first. */
  #recent: string[] = []

  constructor(port: MessagesPort) {
    this.#port = port
    this.#pins = new Pins({
      fetch: port.api.pins,
      read: (chatId) => port.readPins(chatId),
      save: (chatId, pins) => port.savePins(chatId, pins),
    })
    this.#receipts = new Receipts(port.api, (chatId) => this.#draw(chatId))
    this.deeds = new Deeds({
      ...port,
      cursor: (chatId) => this.#opened.get(chatId)?.shown.cursor ?? Infinity,
      changed: (chatId) => {
        this.#draw(chatId)
        port.redraw(chatId)
      },
    })
  }

  open(chatId: string, at_seq?: number): void {
    this.#recent = [chatId, ...this.#recent.filter((other) => other !== chatId)]
    for (const evicted of this.#recent.splice(KEPT)) this.#forget(evicted)
    const opened = this.#opened.get(chatId)
    if (opened !== undefined) this.#reopen(opened, at_seq)
    else if (!this.#opening.has(chatId)) void this.#begin(chatId, at_seq)
    this.#port.viewChanged()
  }

  close(chatId: string): void {
    const opened = this.#opened.get(chatId)
    this.#port.typing.set(chatId, false)
    if (opened === undefined) return
    opened.divider = null
    this.#draw(chatId)
  }

  timeline(chatId: string): TimelineView {
    return this.#views.get(chatId) ?? blank(chatId)
  }

  async loadBefore(chatId: string): Promise<void> {
    await (await this.#followed(chatId))?.loadBefore()
  }

  async loadAfter(chatId: string): Promise<void> {
    await (await this.#followed(chatId))?.loadAfter()
  }

  async jumpTo(chatId: string, seq: number): Promise<boolean> {
    return (await (await this.#followed(chatId))?.jumpTo(seq)) ?? false
  }

  async jumpToEnd(chatId: string): Promise<void> {
    await (await this.#followed(chatId))?.jumpToEnd()
  }

  send(chatId: string, input: MessageInput): string {
    const id = this.deeds.send(chatId, input, this.#port.drafts.sent(chatId))
    this.#port.typing.set(chatId, false)
    void this.jumpToEnd(chatId)
    return id
  }

  forward(chatId: string, fromId: string, items: readonly MessageItem[]): void {
    for (const { message } of items) {
      const { message_id, sender_id, forwarded } = message
      const source = { chat_id: fromId, message_id, sender_id: forwarded?.sender_id ?? sender_id }
      this.deeds.forward(chatId, textOf(message), source)
    }
  }

  async later(): Promise<LaterApi> {
    const { makeLater } = await import('./later')
    return makeLater(this.#port.api.rest)
  }

  origin(chatId: string, messageId: string): Promise<Outcome<Origin>> {
    return this.#port.api.origin(chatId, messageId)
  }

  edit(chatId: string, messageId: string, text: string, base_revision: number): void {
    const change = { message_id: messageId, text, base_revision }
    this.deeds.edit(chatId, change, this.#port.drafts.sent(chatId))
  }

  remove(chatId: string, messageId: string): void {
    this.deeds.remove(chatId, messageId)
  }

  react(chatId: string, messageId: string, emoji: string, on: boolean): void {
    this.deeds.react(chatId, messageId, emoji, on)
  }

  async reactors(chatId: string, messageId: string, cursor?: string): Promise<Outcome<Page<ReactionEntry>>> {
    const outcome = await this.#port.api.reactions(chatId, messageId, cursor)
    if (!outcome.ok) return outcome
    const { reactions: items, next_cursor } = outcome.value
    return { ok: true, value: { items, next_cursor } }
  }

  pin(chatId: string, messageId: string, on: boolean): void {
    this.deeds.pin(chatId, messageId, on)
  }

  pins(chatId: string): readonly Pin[] {
    return this.#pins.of(chatId)
  }

  async revisions(chatId: string, messageId: string): Promise<Outcome<readonly Revision[]>> {
    const outcome = await this.#port.api.revisions(chatId, messageId)
    return outcome.ok ? { ok: true, value: outcome.value.revisions } : outcome
  }

  otherDraft(chatId: string): string | null {
    return this.#port.drafts.other(chatId)
  }

  settleOtherDraft(chatId: string, take: boolean): void {
    this.#port.drafts.settleOther(chatId, take)
  }

  retry(id: string): void {
    this.deeds.outbox.retry(id)
  }

  discard(id: string): void {
    this.deeds.outbox.discard(id)
  }

  markRead(chatId: string, n: number): void {
    const mark = Math.min(n, this.#port.chat(chatId)?.n ?? 0)
    if (mark > this.#port.readN(chatId)) this.deeds.mark(chatId, mark, false)
  }

  markUnread(chatId: string, n: number): void {
    this.deeds.mark(chatId, Math.max(0, n), true)
  }

  place(chatId: string): Place | null {
    return this.#port.places.of(chatId)
  }

  setPlace(chatId: string, place: Place | null): void {
    this.#port.places.set(chatId, place)
  }

  draft(chatId: string): Draft {
    return this.#port.drafts.of(chatId)
  }

  setDraft(chatId: string, draft: Draft): void {
    this.#port.drafts.set(chatId, draft)
  }

  typing(chatId: string, on: boolean): void {
    this.#port.typing.set(chatId, on)
  }

  onArrival(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Chats whose events must flow, newest first. */
  open_ids(): readonly string[] {
    return this.#recent
  }

  /** Where each open chat goes on after a lost connection. */
  cursors(): { chat_id: string; seq: number }[] {
    return [...this.#opened.values()].map(({ shown }) => ({ chat_id: shown.chatId, seq: shown.cursor }))
  }

  /** A live event; true when an open conversation sees to it. */
  accept(event: ChatEvent): boolean {
    const fresh = event.seq > (this.#port.chat(event.chat_id)?.seq ?? 0)
    const opened = this.#opened.get(event.chat_id)
    opened?.conversation?.accept(event)
    if (fresh && event.kind === 'message.new' && event.actor_id !== this.#port.me()) {
      for (const listener of this.#listeners) listener(event.data)
    }
    return opened !== undefined
  }

  head(head: Head): void {
    this.#opened.get(head.chat_id)?.conversation?.head(head.seq)
  }

  /** The server's answer to showing these chats. */
  shown(heads: readonly Head[]): void {
    for (const { chat_id, seq } of heads) this.#opened.get(chat_id)?.conversation?.opened(seq)
  }

  offered(result: SyncResult): void {
    this.#opened.get(result.chat_id)?.conversation?.offered(result)
  }

  receipt(chatId: string, userId: string, n: number): void {
    this.#receipts.set(chatId, userId, n)
  }

  connected(): void {
    this.deeds.outbox.connected()
    for (const [chatId, { conversation }] of this.#opened) {
      if (conversation?.status === 'failed') void conversation.load('end')
      this.#receipts.load(this.#port.chat(chatId))
      this.#pins.load(chatId)
    }
  }

  disconnected(): void {
    this.deeds.outbox.disconnected()
    for (const { conversation } of this.#opened.values()) conversation?.suspend()
  }

  /** The log is another one: every window is loaded anew. What was not sent yet stays. */
  beginAnew(): void {
    for (const { conversation } of this.#opened.values()) conversation?.beginAnew()
  }

  gone(chatId: string): void {
    this.#recent = this.#recent.filter((other) => other !== chatId)
    this.#forget(chatId)
    this.#port.drafts.drop(chatId)
    this.#port.places.drop(chatId)
    this.deeds.outbox.forget(chatId)
  }

  /** Brings the stored copy of a chat that nobody looks at up to its head. */
  async bring(chatId: string): Promise<boolean> {
    const log = this.#log
    if (this.#opened.has(chatId) || this.#opening.has(chatId) || log === null) return true
    const { Copier } = await import('./copying')
    const keeper = new WindowKeeper()
    const copier = new Copier(chatId, keeper, {
      database: () => this.#port.database(),
      chat: () => this.#port.chat(chatId),
      conversation: (cursor) =>
        this.#conversationPort(chatId, keeper, (bound) => log.paging.page(chatId, bound, cursor())),
      save: (read) => this.#port.saveWindow(chatId, read),
      rows: (timeline) => keeper.rows(timeline, this.#port.now(), this.#port.me()),
    })
    return copier.run()
  }

  clear(): void {
    for (const chatId of [...this.#opened.keys()]) this.#forget(chatId)
    this.#recent = []
    this.scheduled_news = null
    this.deeds.outbox.clear()
    this.#receipts.clear()
    this.#pins.clear()
    this.#views.clear()
  }

  async #begin(chatId: string, at_seq: number | undefined): Promise<void> {
    this.#opening.add(chatId)
    const keeper = new WindowKeeper()
    const database = this.#port.database()
    const ahead = this.#port.windowAhead(chatId)
    const local = database === null ? null : await keeper.read(database, chatId, ahead).catch(() => null)
    this.#opening.delete(chatId)
    if (!this.#recent.includes(chatId)) return
    const opened: Opened = {
      shown: stillOf(chatId, local, this.#port.chat(chatId)?.seq ?? 0),
      conversation: null,
      local,
      at_seq,
      keeper,
      cache: new WeakMap(),
      divider: this.#dividerOf(chatId),
    }
    this.#opened.set(chatId, opened)
    this.#draw(chatId)
    this.#receipts.load(this.#port.chat(chatId))
    this.#pins.load(chatId)
    if (this.#log === null) this.#await(opened)
    else this.#begun(opened, this.#log)
  }

  /** What follows the log of a chat is there: what is open goes on with it. */
  follow({ Conversation, Paging }: Pick<Live, 'Conversation' | 'Paging'>): void {
    const log = (this.#log ??= { Conversation, paging: new Paging(this.#port) })
    for (const opened of this.#opened.values()) if (opened.conversation === null) this.#begun(opened, log)
    this.#follows()
  }

  async #followed(chatId: string): Promise<Conversation | null> {
    if (this.#log === null) this.#want()
    await this.#following
    return this.#opened.get(chatId)?.conversation ?? null
  }

  /** A copy that shows what is wanted is painted first. */
  #await({ shown, local, at_seq }: Opened): void {
    const place = at_seq === undefined ? this.#placeIn(shown.chatId) : { seq: at_seq }
    if (!this.#isNear(local, shown.chatId) || !shows(shown.timeline, place)) this.#want()
  }

  #begun(opened: Opened, { Conversation, paging }: Log): void {
    const { local, keeper, at_seq } = opened
    const { chatId } = opened.shown
    const port = this.#conversationPort(chatId, keeper, (bound) =>
      paging.page(chatId, bound, opened.shown.cursor),
    )
    const conversation = new Conversation(chatId, local, port)
    opened.shown = opened.conversation = conversation
    this.#fill(conversation, local, at_seq)
  }

  #fill(conversation: Conversation, local: Timeline | null, at_seq: number | undefined): void {
    const { chatId } = conversation
    const place = this.#placeIn(chatId)
    const near = this.#isNear(local, chatId)
    // The answer to showing the chat may have come before there was anybody to take it.
    if (near) conversation.opened(this.#port.chat(chatId)?.seq ?? 0)
    if (at_seq !== undefined) void conversation.jumpTo(at_seq)
    else if (place !== 'end' && 'seq' in place) void conversation.jumpTo(place.seq)
    else if (!near) void conversation.load(place)
  }

  #placeIn(chatId: string): LoadPlace {
    return placeOf(this.#dividerOf(chatId), this.#port.chat(chatId), this.place(chatId))
  }

  #isNear(local: Timeline | null, chatId: string): boolean {
    return local !== null && (this.#port.chat(chatId)?.seq ?? 0) - local.cursor <= CATCH_UP_MAX
  }

  #reopen(opened: Opened, at_seq: number | undefined): void {
    const { chatId } = opened.shown
    opened.divider ??= this.#dividerOf(chatId)
    this.#draw(chatId)
    if (at_seq !== undefined) void this.jumpTo(chatId, at_seq)
  }

  #dividerOf(chatId: string): number | null {
    const readN = this.#port.readN(chatId)
    return (this.#port.chat(chatId)?.n ?? 0) > readN ? readN : null
  }

  #conversationPort(chatId: string, keeper: WindowKeeper, page: ConversationPort['page']): ConversationPort {
    return {
      me: () => this.#port.me(),
      knownHead: () => this.#port.chat(chatId)?.seq ?? 0,
      page,
      events: async (after, limit) => {
        const outcome = await this.#port.api.events(chatId, after, limit)
        return outcome.ok ? { ok: true, value: outcome.value.events } : outcome
      },
      sync: (from_seq) =>
        this.#port.connection.request<'sync'>({
          type: 'sync',
          chats: [{ chat_id: chatId, from_seq }],
          limit: SYNC_LIMIT,
        }),
      replaced: () => keeper.forget(),
      applied: (events) => this.#applied(chatId, events),
      changed: () => this.#changed(chatId),
    }
  }

  #applied(chatId: string, events: readonly ChatEvent[]): void {
    const opened = this.#opened.get(chatId)
    opened?.keeper.note(events, opened.shown.timeline)
    for (const event of events) {
      this.#port.applied(event)
      this.#pins.apply(event)
      if (event.kind === 'message.new') this.deeds.outbox.seen(event.data.message_id)
    }
  }

  #changed(chatId: string): void {
    const opened = this.#opened.get(chatId)
    if (opened === undefined) return
    this.deeds.outbox.settle(chatId, opened.shown.cursor)
    this.#port.saveWindow(chatId, () =>
      opened.keeper.rows(opened.shown.timeline, this.#port.now(), this.#port.me()),
    )
    this.#draw(chatId)
  }

  #forget(chatId: string): void {
    this.#opened.get(chatId)?.conversation?.suspend()
    this.#opened.delete(chatId)
    this.#views.delete(chatId)
    this.deeds.outbox.settle(chatId, Infinity)
    this.#receipts.drop(chatId)
    this.#pins.drop(chatId)
  }

  /** Once for everything that one turn of the loop brings. */
  #draw(chatId: string): void {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#drawAll())
    this.#dirty.add(chatId)
  }

  #drawAll(): void {
    for (const chatId of this.#dirty) {
      const opened = this.#opened.get(chatId)
      if (opened !== undefined) this.#views.set(chatId, this.#view(opened))
    }
    this.#dirty.clear()
  }

  #view({ shown, cache, divider }: Opened): TimelineView {
    const { chatId, timeline, status, problem, loadingBefore, loadingAfter } = shown
    return {
      chat_id: chatId,
      status,
      items: timelineItems(timeline, this.deeds.outbox.of(chatId), this.#port.me(), cache),
      more_before: timeline.more_before,
      more_after: timeline.more_after,
      loading_before: loadingBefore,
      loading_after: loadingAfter,
      divider_n: divider,
      receipts: this.#receipts.of(chatId),
      problem,
    }
  }
}

/** Around the first unread message when the newest page would not show it; where nothing is unread, where it was left. */
function placeOf(divider: number | null, chat: Chat | undefined, left: Place | null): LoadPlace {
  if (divider === null) return left === null ? 'end' : { seq: left.seq }
  return (chat?.n ?? 0) - divider >= PAGE ? { unread_after: divider } : 'end'
}

/** Neither counts what is not there: a place in the window, or its end. */
function shows({ messages }: Timeline, place: LoadPlace): boolean {
  if (place === 'end') return true
  return 'seq' in place && messages.some(({ seq }) => seq === place.seq)
}

/** The stored copy as it is, or nothing yet. */
function stillOf(chatId: string, local: Timeline | null, head: number): Shown {
  const timeline = local ?? { ...emptyTimeline(chatId, head), more_after: true }
  const status = local === null ? 'loading' : 'ready'
  const { cursor } = timeline
  return { chatId, timeline, status, problem: null, loadingBefore: false, loadingAfter: false, cursor }
}

function blank(chatId: string): TimelineView {
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
