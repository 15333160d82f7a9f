/** The list of chats, and what may be done to a chat. */
import type {
  Chat,
  ChatKind,
  ChatRole,
  ChatSettings,
  FileKind,
  Invite,
  InvitePreview,
  Level,
  Member,
  User,
} from '../../protocol/wire'
import type { Outcome } from './outcome'

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
