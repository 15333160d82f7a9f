/** The open conversations: what they show, and what is done in them. */
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
import type { StoredDraft } from './db'
import { words } from './drafts'
import type { Drafts } from './drafts.svelte'
import { Deeds, type Carrier } from './deeds'
import type { Line, Live } from './line'
import type { Marked } from './performing'
import { OpenChats, type OpenChatsPort } from './open-chats.svelte'
import type { OutboxChange } from './outbox'
import { Pins } from './pins.svelte'
import type { Places } from './places'
import type { Receipts } from './receipts'
import type { OutboxEntry } from './state'
import type { TypingSender } from './typing'

type Followed = Pick<Live, 'Conversation' | 'logPort' | 'Paging' | 'Receipts' | 'Sender'>

export interface MessagesPort extends OpenChatsPort {
  api: Api
  connection: Pick<Line, 'request' | 'live' | 'perform'>
  drafts: Drafts
  typing: TypingSender
  places: Places
  newId(): string
  applied(event: ChatEvent): void
  marked: Marked
  prefer(chatId: string, change: PreferenceChange): Promise<Outcome<void>>
  flush(): Promise<void>
  storeEntry(entry: OutboxEntry, draft: StoredDraft | null): Promise<void>
  eraseEntry(entry: OutboxEntry): Promise<void>
  leads(): boolean
  lead(): void
  carrier(): Promise<Carrier>
  tellTabs(change: OutboxChange): void
  /** The list's line for that chat shows something else. */
  redraw(chatId: string): void
  savePins(chatId: string, pins: readonly Pin[]): void
  readPins(chatId: string): Promise<readonly Pin[]>
}

export class Messages implements MessagesApi {
  readonly #port: MessagesPort
  readonly #listeners = new Set<(message: Message) => void>()
  #receipts: Receipts | null = null
  readonly #chats: OpenChats
  readonly #pins: Pins
  readonly deeds: Deeds
  scheduled_news = $state.raw<ScheduledUpdate | null>(null)

  constructor(port: MessagesPort) {
    this.#port = port
    this.#pins = new Pins({
      fetch: port.api.pins,
      read: (chatId) => port.readPins(chatId),
      save: (chatId, pins) => port.savePins(chatId, pins),
    })
    this.#chats = new OpenChats(port, {
      pending: (chatId) => this.deeds.outbox.of(chatId),
      receipts: (chatId) => this.#receipts?.of(chatId),
      opened: (chatId) => this.#load(chatId),
      applied: (chatId, events) => this.#applied(chatId, events),
      reached: (chatId, cursor) => this.deeds.outbox.settle(chatId, cursor),
      forgotten: (chatId) => this.#forgotten(chatId),
    })
    this.deeds = new Deeds({
      ...port,
      giveBack: (chatId, message) => port.drafts.giveBack(chatId, message),
      cursor: (chatId) => this.#chats.get(chatId)?.shown.cursor ?? Infinity,
      changed: (chatId) => {
        this.#chats.draw(chatId)
        port.redraw(chatId)
      },
    })
  }

  /** Somebody waits for what only the server has. */
  get wanting(): Promise<void> {
    return this.#chats.wanting
  }

  open(chatId: string, at_seq?: number): void {
    this.#chats.open(chatId, at_seq)
  }

  close(chatId: string): void {
    this.#port.typing.set(chatId, false)
    this.#chats.close(chatId)
  }

  timeline(chatId: string): TimelineView {
    return this.#chats.view(chatId)
  }

  async loadBefore(chatId: string): Promise<void> {
    await (await this.#chats.followed(chatId))?.loadBefore()
  }

  async loadAfter(chatId: string): Promise<void> {
    await (await this.#chats.followed(chatId))?.loadAfter()
  }

  async jumpTo(chatId: string, seq: number): Promise<boolean> {
    return (await (await this.#chats.followed(chatId, true))?.jumpTo(seq)) ?? false
  }

  async jumpToEnd(chatId: string): Promise<void> {
    await (await this.#chats.followed(chatId, true))?.jumpToEnd()
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
    if (this.#chats.get(chatId)?.skips() !== true) this.markRead(chatId, n)
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
    return this.#chats.recent
  }

  /** Where each open chat goes on after a lost connection. */
  cursors(): { chat_id: string; seq: number }[] {
    return this.#chats.all.map(({ shown }) => ({ chat_id: shown.chatId, seq: shown.cursor }))
  }

  /** A live event; true when an open conversation sees to it. */
  accept(event: ChatEvent): boolean {
    const fresh = event.seq > (this.#port.chat(event.chat_id)?.seq ?? 0)
    const opened = this.#chats.get(event.chat_id)
    opened?.conversation?.accept(event)
    if (fresh && event.kind === 'message.new' && event.actor_id !== this.#port.me()) {
      for (const listener of this.#listeners) listener(event.data)
    }
    return opened !== undefined
  }

  head(head: Head): void {
    this.#chats.get(head.chat_id)?.conversation?.head(head.seq)
  }

  /** What came while there was no connection: unread where the chat was opened before that was known. */
  digest(entry: Head): void {
    this.#chats.told(entry.chat_id)
    this.head(entry)
  }

  /** The server's answer to showing these chats. */
  shown(heads: readonly Head[]): void {
    for (const { chat_id, seq } of heads) this.#chats.get(chat_id)?.conversation?.opened(seq)
  }

  offered(result: SyncResult): void {
    this.#chats.get(result.chat_id)?.conversation?.offered(result)
  }

  receipt(chatId: string, userId: string, n: number): void {
    this.#receipts?.set(chatId, userId, n)
  }

  connected(): void {
    this.deeds.outbox.connected()
    this.recover()
    for (const { shown } of this.#chats.all) this.#load(shown.chatId)
  }

  /** The network may be back: what could not be had is asked for again. */
  recover(): void {
    for (const opened of this.#chats.all) opened.recover()
  }

  disconnected(): void {
    this.deeds.outbox.disconnected()
    for (const { conversation } of this.#chats.all) conversation?.suspend()
  }

  /** The log is another one: every window is loaded anew. What was not sent yet stays. */
  beginAnew(): void {
    for (const { conversation } of this.#chats.all) conversation?.beginAnew()
  }

  withdraw(id: string): boolean {
    return this.deeds.outbox.withdraw(id)
  }

  /** Answers whether words of mine stay, under what it was called. */
  gone(chatId: string, title: string): boolean {
    this.#chats.drop(chatId)
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
    const { log } = this.#chats
    if (this.#chats.has(chatId) || log === null) return true
    const { Copier } = await import('./copying')
    return new Copier(chatId, log, this.#port).run()
  }

  clear(): void {
    this.#chats.clear()
    this.scheduled_news = null
    this.deeds.outbox.clear()
    this.#receipts?.clear()
    this.#pins.clear()
  }

  /** What follows the log of a chat is there: what is open goes on with it. */
  follow({ Conversation, logPort, Paging, Receipts, Sender }: Followed): void {
    this.deeds.outbox.follow(Sender)
    this.#receipts ??= new Receipts(this.#port.api, (chatId) => this.#chats.draw(chatId))
    this.#chats.follow({ Conversation, logPort, paging: new Paging(this.#port) })
  }

  /** What its log does not say. */
  #load(chatId: string): void {
    this.#receipts?.load(this.#port.chat(chatId))
    this.#pins.load(chatId)
  }

  #applied(chatId: string, events: readonly ChatEvent[]): void {
    for (const event of events) {
      this.#port.applied(event)
      this.#pins.apply(event)
      if (event.kind !== 'message.new') continue
      this.deeds.outbox.seen(event.data.message_id)
      this.#receipts?.wrote(chatId, event.data)
    }
  }

  #forgotten(chatId: string): void {
    this.deeds.outbox.settle(chatId, Infinity)
    this.#receipts?.drop(chatId)
    this.#pins.drop(chatId)
  }
}
