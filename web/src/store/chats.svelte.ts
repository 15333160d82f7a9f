/** The list of chats, its members and invitations. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import type { ClientProblem } from '../protocol/problem'
import type {
  Chat,
  ChatEvent,
  ChatRole,
  DigestEntry,
  Head,
  Invite,
  InvitePreview,
  Member,
  Preferences,
  UserEvent,
  ScheduledUpdate,
} from '../protocol/wire'
import type { Live } from './line'
import type { ChatRow, ChatsApi, CreateChatInput, InviteInput, Outcome, PreferenceChange } from './contract'
import type { SharedDraft } from './draft-sync'
import { allPages } from './pages'
import { mergeChat } from './merge'
import { Memberships } from './memberships.svelte'
import { changed, withPreferences } from './preferences'
import { Refresher } from './refresh'
import { buildRow, compareRows, isListed, type HeadPreview, type RowContext } from './rows'

const RETRY_MS = 3_000

export interface ChatsPort {
  api: Api
  me(): string
  now(): number
  /** A new id for a chat that is created here. */
  newId(): string
  save(chat: Chat): void
  /** The server's draft for that chat. */
  draft(chatId: string, draft: SharedDraft): void
  context(chat: Chat): Omit<RowContext, 'head_preview' | 'me' | 'now'>
  /** A wish of mine, to be shown at once and carried out when it can be. */
  prefer(chatId: string, change: PreferenceChange): void
  /** It can be seen no more: left, removed, deleted. */
  gone(chatId: string, title: string): void
  /** The first lines of the list may be others. */
  listChanged(): void
  /** The whole list is here as the server had it after it was last asked. */
  loaded(): void
}

/** The functions of `apply-chat.ts`. */
type Changes = Pick<Live, 'applyToChat' | 'withDigest' | 'withHead' | 'withMark' | 'withMine'>

export class Chats implements ChatsApi {
  readonly #port: ChatsPort
  readonly #chats = new Map<string, Chat>()
  readonly #rows = new SvelteMap<string, ChatRow>()
  readonly #memberships: Memberships
  readonly #previews = new Map<string, HeadPreview>()
  readonly #refresher: Refresher
  #changes: Changes | null = null
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  /** The list was asked for so often: an answer to an earlier question is none. */
  #asked = 0
  /** Ends with the answer to the last question. */
  #loading: Promise<void> = Promise.resolve()
  /** Chats whose read marks changed since a fetch was begun. */
  #touched = new Set<string>()
  readonly #known = $derived([...this.#rows.values()])
  readonly #sorted = $derived(this.#known.filter(isListed).sort(compareRows))
  readonly #unread = $derived(
    this.#sorted.reduce((sum, { chat, unread, muted }) => sum + (muted || chat.archived ? 0 : unread), 0),
  )
  status = $state<'loading' | 'ready' | 'failed'>('loading')

  constructor(port: ChatsPort) {
    this.#port = port
    this.#memberships = new Memberships(port.api)
    this.#refresher = new Refresher(
      (chatId) => this.#refetch(chatId),
      () => port.now(),
    )
  }

  get rows(): readonly ChatRow[] {
    return this.#sorted
  }

  get known(): readonly ChatRow[] {
    return this.#known
  }

  get unread_total(): number {
    return this.#unread
  }

  get(chatId: string): ChatRow | undefined {
    return this.#rows.get(chatId)
  }

  /** The server's words, without what is on its way. */
  chat(chatId: string): Chat | undefined {
    return this.#chats.get(chatId)
  }

  async create(input: CreateChatInput): Promise<Outcome<Chat>> {
    // The same id again gives the same chat: a lost answer does not make two.
    const body = input.kind === 'direct' ? input : { ...input, chat_id: this.#port.newId() }
    return this.#learned(await this.#port.api.createChat(body))
  }

  async update(chatId: string, input: Parameters<ChatsApi['update']>[1]): Promise<Outcome<Chat>> {
    return this.#learned(await this.#port.api.updateChat(chatId, input))
  }

  async remove(chatId: string): Promise<Outcome<void>> {
    return this.#thenGone(chatId, await this.#port.api.deleteChat(chatId))
  }

  async leave(chatId: string): Promise<Outcome<void>> {
    return this.#thenGone(chatId, await this.#port.api.removeMember(chatId, this.#port.me()))
  }

  setPreferences(chatId: string, change: PreferenceChange): void {
    if (this.#chats.has(chatId)) this.#port.prefer(chatId, change)
  }

  /** Carries a wish out. The server takes the whole, so what another device changed meanwhile is asked for first. */
  async prefer(chatId: string, change: PreferenceChange): Promise<Outcome<void>> {
    const now = await this.#port.api.chat(chatId)
    if (!now.ok) return now
    const outcome = await this.#port.api.putPreferences(chatId, changed(now.value, change))
    if (!outcome.ok) return outcome
    this.preferred(chatId, outcome.value)
    return { ok: true, value: undefined }
  }

  /** My preferences as the server has them. */
  preferred(chatId: string, preferences: Preferences): void {
    const chat = this.#chats.get(chatId)
    if (chat === undefined) return
    this.#touched.add(chatId)
    this.#set(withPreferences(chat, preferences))
  }

  /** How many messages of mine wait to be sent there. */
  waits({ chat_id, scheduled }: ScheduledUpdate): void {
    const chat = this.#chats.get(chat_id)
    if (chat === undefined) return
    const next = { ...chat, scheduled }
    if (scheduled === 0) Reflect.deleteProperty(next, 'scheduled')
    this.#set(next)
  }

  members(chatId: string): readonly Member[] {
    return this.#memberships.of(chatId)
  }

  loadMembers(chatId: string): Promise<Outcome<readonly Member[]>> {
    return this.#memberships.load(chatId)
  }

  setMember(chatId: string, userId: string, role: ChatRole): Promise<Outcome<Member>> {
    return this.#memberships.set(chatId, userId, role)
  }

  removeMember(chatId: string, userId: string): Promise<Outcome<void>> {
    return this.#memberships.remove(chatId, userId)
  }

  async handOver(chatId: string, userId: string): Promise<Outcome<void>> {
    const given = await this.setMember(chatId, userId, 'owner')
    if (!given.ok) return given
    const stepped = await this.setMember(chatId, this.#port.me(), 'admin')
    this.#refresher.now(chatId)
    return stepped.ok ? { ok: true, value: undefined } : stepped
  }

  createInvite(input: InviteInput): Promise<Outcome<Invite>> {
    return this.#port.api.createInvite(input)
  }

  invites(): Promise<Outcome<readonly Invite[]>> {
    return allPages(
      (cursor) => this.#port.api.invites(cursor),
      ({ invites }) => invites,
    )
  }

  revokeInvite(inviteId: string): Promise<Outcome<void>> {
    return this.#port.api.revokeInvite(inviteId)
  }

  previewInvite(secret: string): Promise<Outcome<InvitePreview>> {
    return this.#port.api.previewInvite(secret)
  }

  async acceptInvite(secret: string): Promise<Outcome<readonly Chat[]>> {
    const outcome = await this.#port.api.acceptInvite(secret)
    if (!outcome.ok) return outcome
    for (const chat of outcome.value.chats) this.upsert(chat)
    return { ok: true, value: outcome.value.chats }
  }

  /** Everything is stored as it is here. */
  saveAll(): void {
    for (const chat of this.#chats.values()) this.#port.save(chat)
  }

  /** `whole`: the stored list is all of it, also where it is empty. */
  restore(chats: readonly Chat[], whole: boolean): void {
    for (const chat of chats) this.#set(chat, false)
    if (whole || chats.length > 0) this.status = 'ready'
  }

  /** The whole list anew; what was left elsewhere disappears. Asked again meanwhile, it ends with the last answer. */
  load(): Promise<void> {
    this.#loading = this.#load()
    return this.#loading
  }

  async #load(): Promise<void> {
    const asked = (this.#asked += 1)
    const before = new Set(this.#chats.keys())
    this.#touched = new Set()
    const outcome = await allPages(
      (cursor) => this.#port.api.chats(cursor),
      ({ chats }) => chats,
    )
    if (asked !== this.#asked) return this.#loading
    if (!outcome.ok) {
      this.status = this.#chats.size > 0 ? 'ready' : 'failed'
      this.#loadAgain(outcome.problem)
      return
    }
    for (const chat of outcome.value) {
      before.delete(chat.chat_id)
      this.upsert(chat)
    }
    for (const chatId of before) this.drop(chatId)
    this.status = 'ready'
    this.#port.loaded()
  }

  /** A server that stumbles is asked again by itself; without a connection the next one asks. */
  #loadAgain({ code, retryable, retry_after_ms }: ClientProblem): void {
    if (code === 'offline' || (!retryable && code !== 'unexpected')) return
    clearTimeout(this.#retryTimer)
    this.#retryTimer = setTimeout(() => void this.load(), Math.max(RETRY_MS, retry_after_ms ?? 0))
  }

  upsert(fetched: Chat): void {
    const { chat_id } = fetched
    if (fetched.draft !== undefined) this.#port.draft(chat_id, fetched.draft)
    this.#set(mergeChat(this.#chats.get(chat_id), fetched, { mine: this.#touched.has(chat_id) }))
  }

  /** What knows the server's words is there. */
  follow(changes: Changes): void {
    this.#changes = changes
  }

  get #by(): Changes {
    if (this.#changes === null) throw new Error('no server speaks yet')
    return this.#changes
  }

  /** An event of a chat that is open: everything that the list shows of it is in it. */
  apply(event: ChatEvent): void {
    const chat = this.#chats.get(event.chat_id)
    if (chat === undefined) return
    if (event.seq > chat.seq + 1) this.#refresher.calmly(event.chat_id)
    const next = this.#by.applyToChat(chat, event, this.#port.me())
    if (next === null) this.drop(event.chat_id)
    else this.#set(next)
    this.#memberships.apply(event)
  }

  head(head: Head): void {
    const chat = this.#chats.get(head.chat_id)
    if (chat === undefined) this.#refresher.now(head.chat_id)
    else this.#headed(this.#by.withHead(chat, head, this.#nowText()), head)
  }

  digest(entry: DigestEntry): void {
    const chat = this.#chats.get(entry.chat_id)
    if (chat === undefined) this.#refresher.now(entry.chat_id)
    else this.#headed(this.#by.withDigest(chat, entry, this.#nowText()), entry)
  }

  mine(event: Extract<UserEvent, { kind: 'read.updated' | 'mention' }>): void {
    const chat = this.#chats.get(event.data.chat_id)
    if (chat === undefined) return
    this.#touched.add(chat.chat_id)
    const { chat: next, recount } = this.#by.withMine(chat, event)
    this.#set(next)
    if (recount) this.recount(chat.chat_id)
  }

  /** The server counts mentions; asked when a mark moved among them. */
  recount(chatId: string): void {
    this.#touched.delete(chatId)
    this.#refresher.now(chatId)
  }

  /** My own mark as the server confirmed it; what I sent may not have come as an event yet. */
  marked(chatId: string, readN: number, how: 'at' | 'from' | 'next'): void {
    const chat = this.#chats.get(chatId)
    if (chat === undefined || chat.read_n === readN) return
    if (how === 'from' ? chat.read_n > readN : how === 'next' && chat.read_n !== readN - 1) return
    this.#touched.add(chatId)
    const { chat: next, recount } = this.#by.withMark({ ...chat, n: Math.max(chat.n, readN) }, readN)
    this.#set(next)
    if (recount) this.recount(chatId)
  }

  drop(chatId: string): void {
    if (!this.#chats.delete(chatId)) return
    const title = this.#rows.get(chatId)?.title ?? ''
    this.#rows.delete(chatId)
    this.#memberships.drop(chatId)
    this.#previews.delete(chatId)
    this.#port.gone(chatId, title)
    this.#port.listChanged()
  }

  /** Something beside the chat itself that its line shows is different. */
  redraw(chatId: string): void {
    const chat = this.#chats.get(chatId)
    if (chat !== undefined) this.#draw(chat)
  }

  redrawPeer(userId: string): void {
    for (const chat of this.#chats.values()) if (chat.peer_id === userId) this.#draw(chat)
  }

  clear(): void {
    this.#refresher.clear()
    clearTimeout(this.#retryTimer)
    this.#asked += 1
    this.#loading = Promise.resolve()
    this.#chats.clear()
    this.#rows.clear()
    this.#memberships.clear()
    this.#previews.clear()
    this.status = 'loading'
  }

  async #refetch(chatId: string): Promise<void> {
    this.#touched.delete(chatId)
    const outcome = await this.#port.api.chat(chatId)
    if (outcome.ok) this.upsert(outcome.value)
    else if (outcome.problem.code === 'not_found') this.drop(chatId)
    // Without a connection the next one brings it up again.
    else if (outcome.problem.retryable && outcome.problem.code !== 'offline') this.#refresher.calmly(chatId)
  }

  #isBehind({ chat_id, n, last_message }: Chat): boolean {
    return n > Math.max(last_message?.n ?? 0, this.#previews.get(chat_id)?.n ?? 0)
  }

  #headed({ chat, hides }: { chat: Chat; hides: boolean }, head: Head): void {
    const { n, preview: text, sender_id = '', files = [] } = head
    if (text !== undefined) this.#previews.set(chat.chat_id, { n, text, sender_id, files })
    this.#set(chat)
    // What was said while nobody listened is counted here, and not said.
    if (hides || this.#isBehind(chat)) this.#refresher.calmly(chat.chat_id)
  }

  #set(chat: Chat, save = true): void {
    this.#chats.set(chat.chat_id, chat)
    if (save) this.#port.save(chat)
    this.#draw(chat)
    this.#port.listChanged()
  }

  #draw(chat: Chat): void {
    const head_preview = this.#previews.get(chat.chat_id) ?? null
    const context = { ...this.#port.context(chat), head_preview, me: this.#port.me(), now: this.#port.now() }
    this.#rows.set(chat.chat_id, buildRow(chat, context))
  }

  #learned(outcome: Outcome<Chat>): Outcome<Chat> {
    if (outcome.ok) this.upsert(outcome.value)
    return outcome
  }

  #thenGone(chatId: string, outcome: Outcome<void>): Outcome<void> {
    if (outcome.ok) this.drop(chatId)
    return outcome
  }

  #nowText(): string {
    return new Date(this.#port.now()).toISOString()
  }
}
