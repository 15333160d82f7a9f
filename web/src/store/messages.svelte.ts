/** The open conversations: what they show, and what is done in them. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import { textOf } from '../protocol/message'
import type {
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
import type { Conversation } from './conversation'
import type { Database, readWindow, StoredDraft } from './db'
import { words } from './drafts'
import type { Drafts } from './drafts.svelte'
import { WindowKeeper } from './keeping'
import { Deeds, type Carrier } from './deeds'
import type { Line, Live } from './line'
import type { Marked } from './performing'
import { blank, OpenChat, type Log, type OpenPort } from './open-chat'
import type { OutboxChange } from './outbox'
import { Pins } from './pins.svelte'
import type { Places } from './places'
import type { Receipts } from './receipts'
import type { WindowRows } from './saver'
import type { OutboxEntry } from './state'
import type { TypingSender } from './typing'

/** Chats whose windows stay in memory and whose events flow. */
const KEPT = 3

type Followed = Pick<Live, 'Conversation' | 'logPort' | 'Paging' | 'Receipts'>

export interface MessagesPort extends OpenPort {
  api: Api
  connection: Pick<Line, 'request' | 'live' | 'perform'>
  drafts: Drafts
  typing: TypingSender
  places: Places
  newId(): string
  database(): Database | null
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

export class Messages implements MessagesApi {
  readonly #port: MessagesPort
  readonly #views = new SvelteMap<string, TimelineView>()
  readonly #opened = new Map<string, OpenChat>()
  readonly #opening = new Set<string>()
  /** Opened before the server has told what is unread in them. */
  readonly #early = new Set<string>()
  readonly #dirty = new Set<string>()
  readonly #listeners = new Set<(message: Message) => void>()
  #receipts: Receipts | null = null
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
    this.deeds = new Deeds({
      ...port,
      giveBack: (chatId, message) => port.drafts.giveBack(chatId, message),
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
    if (opened !== undefined) this.#reopen(opened, chatId, at_seq)
    else if (!this.#opening.has(chatId)) void this.#begin(chatId, at_seq)
    this.#port.viewChanged()
  }

  close(chatId: string): void {
    const opened = this.#opened.get(chatId)
    this.#port.typing.set(chatId, false)
    this.#early.delete(chatId)
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
    return (await (await this.#followed(chatId, true))?.jumpTo(seq)) ?? false
  }

  async jumpToEnd(chatId: string): Promise<void> {
    await (await this.#followed(chatId, true))?.jumpToEnd()
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

  seen(chatId: string, n: number): void {
    if (this.#opened.get(chatId)?.skips() !== true) this.markRead(chatId, n)
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

  /** What came while there was no connection: unread where the chat was opened before that was known. */
  digest(entry: Head): void {
    if (this.#early.delete(entry.chat_id)) {
      this.#opened.get(entry.chat_id)?.divide()
      this.#draw(entry.chat_id)
    }
    this.head(entry)
  }

  /** The server's answer to showing these chats. */
  shown(heads: readonly Head[]): void {
    for (const { chat_id, seq } of heads) this.#opened.get(chat_id)?.conversation?.opened(seq)
  }

  offered(result: SyncResult): void {
    this.#opened.get(result.chat_id)?.conversation?.offered(result)
  }

  receipt(chatId: string, userId: string, n: number): void {
    this.#receipts?.set(chatId, userId, n)
  }

  connected(): void {
    this.deeds.outbox.connected()
    this.recover()
    for (const chatId of this.#opened.keys()) {
      this.#receipts?.load(this.#port.chat(chatId))
      this.#pins.load(chatId)
    }
  }

  /** The network may be back: what could not be had is asked for again. */
  recover(): void {
    for (const opened of this.#opened.values()) opened.recover()
  }

  disconnected(): void {
    this.deeds.outbox.disconnected()
    for (const { conversation } of this.#opened.values()) conversation?.suspend()
  }

  /** The log is another one: every window is loaded anew. What was not sent yet stays. */
  beginAnew(): void {
    for (const { conversation } of this.#opened.values()) conversation?.beginAnew()
  }

  withdraw(id: string): boolean {
    return this.deeds.outbox.withdraw(id)
  }

  /** Answers whether words of mine stay, under what it was called. */
  gone(chatId: string, title: string): boolean {
    this.#recent = this.#recent.filter((other) => other !== chatId)
    this.#forget(chatId)
    this.#port.places.drop(chatId)
    return this.#port.drafts.leave(chatId, title, this.deeds.outbox.leave(chatId))
  }

  get left(): ReadonlyMap<string, string> {
    return this.#port.drafts.left
  }

  leftWords(chatId: string): readonly string[] {
    const waiting = this.deeds.outbox.of(chatId).flatMap((entry) => ('text' in entry ? [words(entry)] : []))
    return [...waiting, ...this.#port.drafts.words(chatId)]
  }

  /** Answers how to have them back, as one text. */
  discardLeft(chatId: string): () => void {
    const { drafts } = this.#port
    const [title, text] = [drafts.left.get(chatId) ?? '', this.leftWords(chatId).join('\n\n')]
    for (const { id } of this.deeds.outbox.of(chatId)) this.discard(id)
    drafts.drop(chatId)
    return () => drafts.keepLeft(chatId, title, text)
  }

  /** Brings the stored copy of a chat that nobody looks at up to its head. */
  async bring(chatId: string): Promise<boolean> {
    const log = this.#log
    if (this.#opened.has(chatId) || this.#opening.has(chatId) || log === null) return true
    const { Copier } = await import('./copying')
    return new Copier(chatId, log, this.#port).run()
  }

  clear(): void {
    for (const chatId of [...this.#opened.keys()]) this.#forget(chatId)
    this.#recent = []
    this.scheduled_news = null
    this.deeds.outbox.clear()
    this.#receipts?.clear()
    this.#pins.clear()
    this.#views.clear()
  }

  async #begin(chatId: string, at_seq: number | undefined): Promise<void> {
    this.#opening.add(chatId)
    if (!this.#port.connection.live) this.#early.add(chatId)
    const keeper = new WindowKeeper()
    const database = this.#port.database()
    const ahead = this.#port.windowAhead(chatId)
    const local = database === null ? null : await keeper.read(database, chatId, ahead).catch(() => null)
    this.#opening.delete(chatId)
    if (!this.#recent.includes(chatId)) return
    const opened = new OpenChat(chatId, keeper, local, at_seq, {
      ...this.#port,
      applied: (events) => this.#applied(chatId, events),
      changed: () => this.#changed(chatId),
    })
    this.#opened.set(chatId, opened)
    this.#draw(chatId)
    this.#receipts?.load(this.#port.chat(chatId))
    this.#pins.load(chatId)
    if (this.#log !== null) opened.follow(this.#log)
    // A copy that shows what is wanted is painted first.
    else if (!opened.paints()) this.#want()
  }

  /** What follows the log of a chat is there: what is open goes on with it. */
  follow({ Conversation, logPort, Paging, Receipts }: Followed): void {
    const log = (this.#log ??= { Conversation, logPort, paging: new Paging(this.#port) })
    this.#receipts ??= new Receipts(this.#port.api, (chatId) => this.#draw(chatId))
    for (const opened of this.#opened.values()) if (opened.conversation === null) opened.follow(log)
    this.#follows()
  }

  async #followed(chatId: string, leaps = false): Promise<Conversation | null> {
    if (this.#log === null) this.#want()
    await this.#following
    const opened = this.#opened.get(chatId)
    if (leaps) opened?.leap()
    return opened?.conversation ?? null
  }

  #reopen(opened: OpenChat, chatId: string, at_seq: number | undefined): void {
    if (at_seq === undefined) opened.reopen()
    else {
      opened.divide()
      void this.jumpTo(chatId, at_seq)
    }
    this.#draw(chatId)
  }

  #applied(chatId: string, events: readonly ChatEvent[]): void {
    this.#opened.get(chatId)?.note(events)
    for (const event of events) {
      this.#port.applied(event)
      this.#pins.apply(event)
      if (event.kind !== 'message.new') continue
      this.deeds.outbox.seen(event.data.message_id)
      this.#receipts?.wrote(chatId, event.data)
    }
  }

  #changed(chatId: string): void {
    const opened = this.#opened.get(chatId)
    if (opened === undefined) return
    this.deeds.outbox.settle(chatId, opened.shown.cursor)
    this.#port.saveWindow(chatId, () => opened.rows())
    this.#draw(chatId)
  }

  #forget(chatId: string): void {
    this.#opened.get(chatId)?.conversation?.suspend()
    this.#opened.delete(chatId)
    this.#views.delete(chatId)
    this.deeds.outbox.settle(chatId, Infinity)
    this.#receipts?.drop(chatId)
    this.#pins.drop(chatId)
  }

  /** Once for everything that one turn of the loop brings. */
  #draw(chatId: string): void {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#drawAll())
    this.#dirty.add(chatId)
  }

  #drawAll(): void {
    for (const chatId of this.#dirty) {
      const view = this.#opened.get(chatId)?.view(this.deeds.outbox.of(chatId), this.#receipts?.of(chatId))
      if (view !== undefined) this.#views.set(chatId, view)
    }
    this.#dirty.clear()
  }
}
