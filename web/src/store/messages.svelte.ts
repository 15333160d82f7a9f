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
import { Conversation, type Place as LoadPlace } from './conversation'
import type { Database, readWindow, StoredDraft } from './db'
import type { Drafts } from './drafts.svelte'
import { timelineItems, type ItemCache } from './items'
import { WindowKeeper } from './keeping'
import { Deeds, type Carrier } from './deeds'
import type { Line } from './line'
import type { Marked } from './performing'
import type { OutboxChange } from './outbox'
import { Paging } from './paging'
import { Pins } from './pins.svelte'
import type { Places } from './places'
import { Receipts } from './receipts'
import type { WindowRows } from './saver'
import { CATCH_UP_MAX, PAGE, type OutboxEntry, type Timeline } from './state'
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

interface Opened {
  conversation: Conversation
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
  readonly #paging: Paging
  readonly #pins: Pins
  readonly deeds: Deeds
  scheduled_news = $state.raw<ScheduledUpdate | null>(null)
  /** Newest first. */
  #recent: string[] = []

  constructor(port: MessagesPort) {
    this.#port = port
    this.#paging = new Paging(port)
    this.#pins = new Pins({
      fetch: port.api.pins,
      read: (chatId) => port.readPins(chatId),
      save: (chatId, pins) => port.savePins(chatId, pins),
    })
    this.#receipts = new Receipts(port.api, (chatId) => this.#draw(chatId))
    this.deeds = new Deeds({
      ...port,
      cursor: (chatId) => this.#opened.get(chatId)?.conversation.cursor ?? Infinity,
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
    await this.#opened.get(chatId)?.conversation.loadBefore()
  }

  async loadAfter(chatId: string): Promise<void> {
    await this.#opened.get(chatId)?.conversation.loadAfter()
  }

  async jumpTo(chatId: string, seq: number): Promise<boolean> {
    return (await this.#opened.get(chatId)?.conversation.jumpTo(seq)) ?? false
  }

  async jumpToEnd(chatId: string): Promise<void> {
    await this.#opened.get(chatId)?.conversation.jumpToEnd()
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
    return [...this.#opened.values()].map(({ conversation }) => ({
      chat_id: conversation.chatId,
      seq: conversation.cursor,
    }))
  }

  /** A live event; true when an open conversation sees to it. */
  accept(event: ChatEvent): boolean {
    const fresh = event.seq > (this.#port.chat(event.chat_id)?.seq ?? 0)
    const opened = this.#opened.get(event.chat_id)
    opened?.conversation.accept(event)
    if (fresh && event.kind === 'message.new' && event.actor_id !== this.#port.me()) {
      for (const listener of this.#listeners) listener(event.data)
    }
    return opened !== undefined
  }

  head(head: Head): void {
    this.#opened.get(head.chat_id)?.conversation.head(head.seq)
  }

  /** The server's answer to showing these chats. */
  shown(heads: readonly Head[]): void {
    for (const { chat_id, seq } of heads) this.#opened.get(chat_id)?.conversation.opened(seq)
  }

  offered(result: SyncResult): void {
    this.#opened.get(result.chat_id)?.conversation.offered(result)
  }

  receipt(chatId: string, userId: string, n: number): void {
    this.#receipts.set(chatId, userId, n)
  }

  connected(): void {
    this.deeds.outbox.connected()
    for (const { conversation } of this.#opened.values()) {
      if (conversation.status === 'failed') void conversation.load('end')
      this.#receipts.load(this.#port.chat(conversation.chatId))
      this.#pins.load(conversation.chatId)
    }
  }

  disconnected(): void {
    this.deeds.outbox.disconnected()
    for (const { conversation } of this.#opened.values()) conversation.suspend()
  }

  /** The log is another one: every window is loaded anew. What was not sent yet stays. */
  beginAnew(): void {
    for (const { conversation } of this.#opened.values()) conversation.beginAnew()
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
    if (this.#opened.has(chatId) || this.#opening.has(chatId)) return true
    const { Copier } = await import('./copying')
    const keeper = new WindowKeeper()
    const copier = new Copier(chatId, keeper, {
      database: () => this.#port.database(),
      chat: () => this.#port.chat(chatId),
      conversation: (cursor) => this.#conversationPort(chatId, keeper, cursor),
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
    const conversation: Conversation = new Conversation(
      chatId,
      local,
      this.#conversationPort(chatId, keeper, () => conversation.cursor),
    )
    this.#opened.set(chatId, { conversation, keeper, cache: new WeakMap(), divider: this.#dividerOf(chatId) })
    this.#draw(chatId)
    this.#receipts.load(this.#port.chat(chatId))
    this.#pins.load(chatId)
    this.#fill(conversation, local, at_seq)
  }

  #fill(conversation: Conversation, local: Timeline | null, at_seq: number | undefined): void {
    const chat = this.#port.chat(conversation.chatId)
    const head = chat?.seq ?? 0
    const divider = this.#dividerOf(conversation.chatId)
    const place = placeOf(divider, chat, this.place(conversation.chatId))
    const near = local !== null && head - local.cursor <= CATCH_UP_MAX
    // The answer to showing the chat may have come before there was anybody to take it.
    if (near) conversation.opened(head)
    if (at_seq !== undefined) void conversation.jumpTo(at_seq)
    else if (place !== 'end' && 'seq' in place) void conversation.jumpTo(place.seq)
    else if (!near) void conversation.load(place)
  }

  #reopen(opened: Opened, at_seq: number | undefined): void {
    opened.divider ??= this.#dividerOf(opened.conversation.chatId)
    this.#draw(opened.conversation.chatId)
    if (at_seq !== undefined) void opened.conversation.jumpTo(at_seq)
  }

  #dividerOf(chatId: string): number | null {
    const readN = this.#port.readN(chatId)
    return (this.#port.chat(chatId)?.n ?? 0) > readN ? readN : null
  }

  #conversationPort(
    chatId: string,
    keeper: WindowKeeper,
    cursor: () => number,
  ): ConstructorParameters<typeof Conversation>[2] {
    return {
      me: () => this.#port.me(),
      knownHead: () => this.#port.chat(chatId)?.seq ?? 0,
      page: (bound) => this.#paging.page(chatId, bound, keeper, cursor()),
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
    opened?.keeper.note(events, opened.conversation.timeline)
    for (const event of events) {
      this.#port.applied(event)
      this.#pins.apply(event)
      if (event.kind === 'message.new') this.deeds.outbox.seen(event.data.message_id)
    }
  }

  #changed(chatId: string): void {
    const opened = this.#opened.get(chatId)
    if (opened === undefined) return
    this.deeds.outbox.settle(chatId, opened.conversation.cursor)
    this.#port.saveWindow(chatId, () =>
      opened.keeper.rows(opened.conversation.timeline, this.#port.now(), this.#port.me()),
    )
    this.#draw(chatId)
  }

  #forget(chatId: string): void {
    this.#opened.get(chatId)?.conversation.suspend()
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

  #view({ conversation, cache, divider }: Opened): TimelineView {
    const { chatId, timeline, status, problem, loadingBefore, loadingAfter } = conversation
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
