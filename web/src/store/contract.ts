/**
 * What the interface may read and ask: the whole surface between `ui/` and `store/`.
 *
 * Reading a property or calling a selector inside a template, `$derived` or `$effect` tracks it.
 * Values are immutable: a change gives a new object, so identity comparison is enough. Actions never
 * throw for something the server or the network may do: they answer an `Outcome`.
 */
import type {
  Block,
  Chat,
  ChatKind,
  ChatRole,
  ChatSettings,
  Device,
  FileKind,
  FileUsage,
  GalleryEntry,
  Invite,
  InvitePreview,
  Level,
  Locale,
  Me,
  Member,
  Message,
  NotificationSettings,
  Origin,
  Pin,
  PresenceState,
  ReactionEntry,
  Registration,
  Revision,
  Scheduled,
  ScheduledUpdate,
  User,
} from '../protocol/wire'
import type { ClientProblem } from '../protocol/problem'
import type { LocalFile } from './state'

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: ClientProblem }

export interface Page<T> {
  items: readonly T[]
  next_cursor: string | null
}

/** `store.session`: who is signed in on this browser. */
export interface SessionApi {
  /** `starting` lasts until the local copy or the server has said who is here. */
  readonly phase: 'starting' | 'signed_out' | 'signed_in'
  readonly me: Me | null
  /** How I want to be told of what I miss; null until it is known. */
  readonly wishes: NotificationSettings | null
  /** It was read, or changed here. */
  wish(wishes: NotificationSettings): void
  /** Why the last session ended without the person asking for it; null after a logout by hand. */
  readonly ended: 'expired' | 'revoked' | 'disabled' | 'too_many_sessions' | null

  /** Who may make an account here; null until it is known. */
  registration(): Promise<Registration | null>
  /** What a one-time code opens; a code that is not good is `not_found`. */
  checkCode(code: string): Promise<Outcome<'owner' | 'reset'>>
  login(input: LoginInput): Promise<Outcome<Me>>
  /** With `invite` the account also joins the chats of the invitation. */
  register(input: RegisterInput): Promise<Outcome<Me>>
  /** The one-time link of the first start: makes the owner. */
  becomeOwner(input: OwnerInput): Promise<Outcome<Me>>
  resetPassword(input: { code: string; password: string }): Promise<Outcome<void>>
  /** Wipes the local copy in every tab, also when the server cannot be reached. */
  logout(): Promise<void>

  changePassword(input: { old_password: string; new_password: string }): Promise<Outcome<void>>
  updateProfile(input: ProfileInput): Promise<Outcome<Me>>
  devices(): Promise<Outcome<readonly Device[]>>
  endDevice(sessionId: string): Promise<Outcome<void>>
  endOtherDevices(): Promise<Outcome<void>>
}

export interface LoginInput {
  username: string
  password: string
  code?: string
  /** The computer is other people's too: nothing is stored here, and closing the tab logs out. */
  shared?: boolean
}

export interface RegisterInput {
  username: string
  password: string
  shared?: boolean
  display_name?: string
  locale?: Locale
  invite?: string
}

export interface OwnerInput {
  code: string
  username: string
  password: string
  display_name?: string
  locale?: Locale
}

export interface ProfileInput {
  display_name?: string
  about?: string
  locale?: Locale
  hides_last_seen?: boolean
  hides_receipts?: boolean
  hides_previews?: boolean
  /** Null takes the picture away. */
  avatar_file_id?: string | null
}

/** `store.connection`: show a banner when `state` has not been `live` for 2 s (`since`). */
export interface ConnectionApi {
  readonly state: 'offline' | 'connecting' | 'live' | 'stopped'
  /** Why it is not live; null while live or before the first attempt. */
  readonly reason: ConnectionReason | null
  /** Epoch milliseconds at which `state` became what it is. */
  readonly since: number
  /** Epoch milliseconds of the next attempt, when one is planned. */
  readonly next_attempt_at: number | null
  /** Tries now instead of waiting; no effect while live. */
  retryNow(): void
}

export type ConnectionReason =
  | 'network'
  | 'heartbeat'
  | 'restarting'
  | 'overloaded'
  | 'rate_limited'
  | 'slow'
  | 'server_error'
  | 'unauthenticated'
  | 'revoked'
  | 'disabled'
  | 'too_many_sessions'
  | 'unsupported'

/** One line of the chat list. */
export interface ChatRow {
  chat_id: string
  chat: Chat
  /** What to call it: a direct chat is called after the other person. Empty while that is loading. */
  title: string
  /** The other person of a direct chat. */
  peer: User | null
  /** Messages after my read marker: exactly the server's `n` − `read_n`, at least 0. */
  unread: number
  /** Unread messages that mention me. */
  mentions: number
  preview: Preview | null
  /** The text of an unsent draft, null when there is none. */
  draft: string | null
  /** User ids, without me, at most 5. */
  typing: readonly string[]
  muted: boolean
  /** RFC 3339; what the list is sorted by after `pinned`. */
  activity_at: string
}

export interface Preview {
  sender_id: string
  mine: boolean
  /** Plain text on one line, Markdown marks removed; empty when `deleted`. */
  text: string
  /** Where there is no text: what was sent instead. */
  files: readonly { kind: FileKind; name: string }[]
  deleted: boolean
  state: 'sent' | 'sending' | 'failed'
}

export interface CreateChatInput {
  kind: ChatKind
  title?: string
  topic?: string
  member_ids: string[]
}

export interface ChatInput {
  title?: string
  topic?: string
  settings?: Partial<ChatSettings>
  /** Null takes the picture away. */
  picture_file_id?: string | null
}

/** What is absent stays; `muted_until: null` ends a mute. */
export interface PreferenceChange {
  level?: Level
  pinned?: boolean
  archived?: boolean
  muted_until?: string | null
}

/** `store.chats`: the list, and what may be done to a chat. */
export interface ChatsApi {
  /**
   * Sorted: pinned first, then newest activity. Archived chats are included; filter in the view. A direct
   * chat in which nothing was said yet is not.
   */
  readonly rows: readonly ChatRow[]
  /** All of them, in no order. */
  readonly known: readonly ChatRow[]
  /** `loading` only while there is neither a local copy nor an answer. */
  readonly status: 'loading' | 'ready' | 'failed'
  readonly unread_total: number
  get(chatId: string): ChatRow | undefined
  /** The whole list anew, for who cannot wait for what the connection brings. */
  load(): Promise<void>

  /** The chat that exists when a direct chat with that person exists. */
  create(input: CreateChatInput): Promise<Outcome<Chat>>
  update(chatId: string, input: ChatInput): Promise<Outcome<Chat>>
  remove(chatId: string): Promise<Outcome<void>>
  leave(chatId: string): Promise<Outcome<void>>

  /** How I want the chat, on every device: shows at once, is kept over reload, and is taken back when it is refused. */
  setPreferences(chatId: string, change: PreferenceChange): void

  /** Members already loaded for that chat, kept current by events; call `loadMembers` first. */
  members(chatId: string): readonly Member[]
  /** Loads every page; safe to call again. */
  loadMembers(chatId: string): Promise<Outcome<readonly Member[]>>
  /** Adds, or changes the role of, one person. */
  setMember(chatId: string, userId: string, role: ChatRole): Promise<Outcome<Member>>
  removeMember(chatId: string, userId: string): Promise<Outcome<void>>
  /** Makes the other person owner and me admin. */
  handOver(chatId: string, userId: string): Promise<Outcome<void>>

  createInvite(input: InviteInput): Promise<Outcome<Invite>>
  invites(): Promise<Outcome<readonly Invite[]>>
  revokeInvite(inviteId: string): Promise<Outcome<void>>
  /** Needs no account. */
  previewInvite(secret: string): Promise<Outcome<InvitePreview>>
  /** Joins with the account that is signed in; answers the chats joined. */
  acceptInvite(secret: string): Promise<Outcome<readonly Chat[]>>
}

export interface InviteInput {
  chat_ids?: string[]
  role?: string
  expires_in_s?: number
  max_uses?: number
}

/** What stands in the timeline, oldest first. `key` is stable from the first keystroke of "send" on. */
export type TimelineItem = MessageItem | PendingItem | NoticeItem

export interface MessageItem {
  type: 'message'
  key: string
  /** As it is to be shown: my own unconfirmed edits and reactions are already in it. */
  message: Message
  mine: boolean
  mentions_me: boolean
  /** My unconfirmed or refused change to it. */
  change: PendingChange | null
}

export interface PendingChange {
  /** Pass it to `retry` or `discard`. */
  id: string
  kind: 'edit' | 'delete' | 'reaction' | 'pin'
  state: 'sending' | 'failed'
  /** An error code when failed, or the reason why it has been waiting for a while. */
  code: string | null
  /** The text of a refused edit, so that it is not lost. */
  text: string | null
}

/** My message that the server has not confirmed yet. */
export interface PendingItem {
  type: 'pending'
  /** The `message_id`: the same key when it becomes a `message`. */
  key: string
  text: string
  reply_to: ReplyTarget | null
  /** Who wrote first what is forwarded. */
  forwarded_from: string | null
  files: readonly LocalFile[]
  /** The server is to keep it until then (epoch milliseconds), and has not heard of it; null: it is to be sent. */
  send_at: number | null
  created_at: string
  state: 'sending' | 'failed'
  /** An error code when failed, or the reason why it has been waiting for a while. */
  code: string | null
}

/** A quiet line: somebody joined, left, got a role, changed the title, pinned. */
export interface NoticeItem {
  type: 'notice'
  key: string
  seq: number
  at: string
  actor_id: string
  notice: Notice
}

export type Notice =
  | { kind: 'member.joined'; user_id: string }
  | { kind: 'member.left'; user_id: string }
  | { kind: 'member.role'; user_id: string; role: ChatRole }
  | ({ kind: 'chat.updated' } & ChatInput)
  | { kind: 'pin.changed'; message_id: string; on: boolean }

/** What is forwarded: the message, and who wrote it first. */
export interface ForwardSource {
  chat_id: string
  message_id: string
  sender_id: string
}

export interface ReplyTarget {
  message_id: string
  sender_id: string
  excerpt: string
}

export interface TimelineView {
  chat_id: string
  status: 'loading' | 'ready' | 'failed'
  items: readonly TimelineItem[]
  /** More exists on that side than is in `items`. */
  more_before: boolean
  more_after: boolean
  loading_before: boolean
  loading_after: boolean
  /** My read marker as it was when the chat was opened: the divider stands after that `n`. */
  divider_n: number | null
  /** Others' read markers, where the chat allows it: user id → n. */
  receipts: ReadonlyMap<string, number>
  problem: ClientProblem | null
}

/** A message, and how far below the upper edge of the timeline it begins. */
export interface Place {
  seq: number
  offset: number
}

/** What is in the composer; kept for each chat over reload. */
export interface Draft {
  text: string
  reply_to: ReplyTarget | null
  /** The message being edited; `text` is then the edit, and the unsent new text is kept apart. */
  editing: { message_id: string; base_revision: number } | null
  /** Chosen to be sent with the text, in this order; only on this device. */
  files?: readonly LocalFile[]
}

export interface MessageInput {
  text: string
  reply_to?: ReplyTarget
  files?: readonly LocalFile[]
  /** Epoch milliseconds: the server keeps it until then. */
  send_at?: number
}

/** Messages that wait on the server for their time; each call needs a connection. */
export interface LaterApi {
  /** In one chat, or (null) in all; what is sent first comes first. */
  list(chatId: string | null): Promise<Outcome<readonly Scheduled[]>>
  /**
   * Lets it wait, or changes one that waits. `message_id` is made once by who writes it: an answer may be lost,
   * and the same again must be the same message. `send_at` is epoch milliseconds.
   */
  put(
    chatId: string,
    input: {
      text: string
      send_at: number
      message_id: string
      reply_to?: string
      /** All that it is to have; they are on the server. */
      file_ids?: readonly string[]
    },
  ): Promise<Outcome<Scheduled>>
  cancel(chatId: string, messageId: string): Promise<Outcome<void>>
  sendNow(chatId: string, messageId: string): Promise<Outcome<unknown>>
}

/** `store.messages`: the open conversations. */
export interface MessagesApi {
  /**
   * Makes it an open chat (events, typing, receipts flow) and loads it: around `at_seq` when given,
   * around the first unread message when there are unread ones outside the newest page, where the person
   * was reading, else the end.
   * The local copy shows at once. The last three opened chats stay in memory.
   */
  open(chatId: string, at_seq?: number): void
  /** The person left it: the divider goes, the level falls to `head` once it is not among the last three. */
  close(chatId: string): void
  timeline(chatId: string): TimelineView
  loadBefore(chatId: string): Promise<void>
  loadAfter(chatId: string): Promise<void>
  /** Loads around that seq if it is not there; true when the row is in `items`. */
  jumpTo(chatId: string, seq: number): Promise<boolean>
  jumpToEnd(chatId: string): Promise<void>

  /**
   * Shows at once, is stored before it is sent, and answers its `message_id`. Clears the draft. What has a time
   * shows until the server has it, and is then in the list of `later`.
   */
  send(chatId: string, input: MessageInput): string
  /** Sends there what these messages of `fromId` say, oldest first; shows at once, as every send does. */
  forward(chatId: string, fromId: string, items: readonly MessageItem[]): void
  /** Those who ask the server for what waits to be sent at a time. */
  later(): Promise<LaterApi>
  /** What became last of a message of mine that waits. */
  readonly scheduled_news: ScheduledUpdate | null
  /** Where a forwarded message was first written, for who may read it there. */
  origin(chatId: string, messageId: string): Promise<Outcome<Origin>>
  /** Ends the edit in the draft: what was put aside for it comes back. */
  edit(chatId: string, messageId: string, text: string, base_revision: number): void
  remove(chatId: string, messageId: string): void
  pin(chatId: string, messageId: string, on: boolean): void
  /** Of an open chat, newest pin first. */
  pins(chatId: string): readonly Pin[]
  /** What the message says and said before its edits, newest first. */
  revisions(chatId: string, messageId: string): Promise<Outcome<readonly Revision[]>>
  react(chatId: string, messageId: string, emoji: string, on: boolean): void
  /** Who reacted, those with the same emoji together. */
  reactors(chatId: string, messageId: string, cursor?: string): Promise<Outcome<Page<ReactionEntry>>>
  /** A failed message or change: the same id is sent again. */
  retry(id: string): void
  discard(id: string): void
  /** A message that waits is not sent: it stands in the composer again. False where it is on its way already. */
  withdraw(id: string): boolean

  /** The person has seen up to this `n` (only while the page is visible); never moves back. */
  markRead(chatId: string, n: number): void
  /** Everything after `n` counts as unread again. */
  markUnread(chatId: string, n: number): void

  /** Where the person was reading when the chat was left; null at its end. Kept over reload. */
  place(chatId: string): Place | null
  setPlace(chatId: string, place: Place | null): void

  draft(chatId: string): Draft
  /** On every input event; stored at once. */
  setDraft(chatId: string, draft: Draft): void
  /** What another device wrote there at the same time; null when there is nothing to decide. */
  otherDraft(chatId: string): string | null
  /** Takes it in place of the text here, or puts it away. */
  settleOtherDraft(chatId: string, take: boolean): void
  /**
   * Conversations that I am not in any more and for which words of mine were not sent, by what they were
   * called; one that I am in again has them where they stood, and stays here until I write there.
   */
  readonly left: ReadonlyMap<string, string>
  /** Those words, oldest first, with the names of files. */
  leftWords(chatId: string): readonly string[]
  /** They are not wanted any more. */
  /** Answers how to have them back, as one text. */
  discardLeft(chatId: string): () => void
  /** Call on input; the store limits how often it tells the others. */
  typing(chatId: string, on: boolean): void

  /** Messages by others that arrive live, for the live region and notifications; returns the way out. */
  onArrival(listener: (message: Message) => void): () => void
}

export interface PresenceView {
  state: PresenceState
  last_seen: string | null
  text: string | null
}

/** `store.users`: people. */
export interface UsersApi {
  /** Known profile; an unknown one is fetched once, in the background, and appears when it is there. */
  get(userId: string): User | undefined
  /** The same without fetching what is not known. */
  peek(userId: string): User | undefined
  /** Directory search, blind to accents and case. */
  search(q: string, cursor?: string): Promise<Outcome<Page<User>>>
  /** Whom I have blocked. */
  blocked(userId: string): boolean
  blocks(): Promise<Outcome<readonly Block[]>>
  block(userId: string, on: boolean): Promise<Outcome<void>>
  /** Who is online, among those declared by `watch`; undefined when not known. */
  presence(userId: string): PresenceView | undefined
  /** About how many members of a large chat are connected; undefined where nobody said. */
  crowd(chatId: string): number | undefined
  /** The people on screen now (at most 200); replaces the former declaration of the same `key`. */
  watch(key: string, userIds: readonly string[]): void
  setPresence(state: PresenceState, text?: string): void
}

/** What to search for; instants are RFC 3339, `before` excluded. */
export interface SearchInput {
  q: string
  chat_id?: string
  from?: string
  has?: 'link' | 'file'
  after?: string
  before?: string
}

export interface SearchHit {
  chat_id: string
  message: Message
  /** Ranges of the text, in code points. */
  highlights: readonly (readonly [start: number, end: number])[]
}

export interface SearchApi {
  /** Stored messages of these chats that fit, newest first: of several chats the newest, of one all. */
  stored(chatIds: readonly string[], matches: (text: string) => boolean): Promise<readonly Message[]>
  /** What the server finds, the best first; a page may be empty while more follow. */
  ask(input: SearchInput, cursor?: string): Promise<Outcome<Page<SearchHit>>>
}

/** How far a file that is to be sent has got. */
export interface UploadProgress {
  /** Bytes that are safe with the server. */
  sent: number
  size: number
  state: 'waiting' | 'sending' | 'finishing' | 'ready' | 'failed'
  /** Why it failed: an error code or a reason of the server. */
  code: string | null
}

export type NewFile = Omit<LocalFile, 'id' | 'size' | 'here' | 'full'>
export type GalleryKind = 'media' | 'files' | 'voice'

/** `store.files`, once `openFiles` is done: what is to be sent, and what was. */
export interface FilesApi {
  /** What the server takes; null until `ask` has been answered. */
  readonly usage: FileUsage | null
  ask(): Promise<void>
  /** Puts the bytes aside for the composer, where they outlive the page. */
  keep(blob: Blob, about: NewFile): Promise<LocalFile>
  /** The bytes of one that is not sent yet; null when no page has them any more. */
  blob(id: string): Promise<Blob | null>
  /** Gives those up that are in no message. */
  drop(ids: readonly string[]): void
  progress(id: string): UploadProgress | undefined
  /** Takes one out of a message that is on its way; the others go on. */
  cancel(messageId: string, id: string): void
  /** The bytes of a file that was sent from this page, so that it need not come back. */
  sentHere(fileId: string): Blob | null
  /** Newest first. */
  gallery(chatId: string, kind: GalleryKind, cursor?: string): Promise<Outcome<Page<GalleryEntry>>>
  /** Takes the preview of a link off my message, for everybody. */
  removePreview(chatId: string, messageId: string): Promise<Outcome<unknown>>
  /** Brings a square picture to the server: the file id of a face, or of a chat's picture. */
  picture(blob: Blob): Promise<Outcome<string>>
}

/** The whole store; made by `createStore()` in `store.svelte.ts`, started by `main.ts`. */
export interface Store {
  readonly session: SessionApi
  readonly connection: ConnectionApi
  readonly chats: ChatsApi
  readonly messages: MessagesApi
  readonly users: UsersApi
  readonly search: SearchApi
  /** Only after `openFiles`. */
  readonly files: FilesApi
  /** Fetches what files need; at once the second time. */
  openFiles(): Promise<unknown>
  /** Reads the local copy, paints, then connects. */
  start(chatId?: string | null): Promise<void>
  /** This computer is other people's too: nothing is stored. */
  readonly shared: boolean
  /** A page that is loaded again would lose something that is to be sent, or the session. */
  readonly busy: boolean
  /** Everything that the server has too goes from this device; unsent words stay. */
  clearCopies(): Promise<void>
  /** The page goes away. */
  leave(): void
  /** Ends sockets and timers; the local copy stays. */
  stop(): void
}
