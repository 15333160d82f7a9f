/** The plain data of the store. Immutable: every change makes a new object. */
import type { Message } from '../protocol/wire'
import type { ForwardSource, Notice, PreferenceChange, ReplyTarget } from './contract'

/** At most this many messages of a chat are kept in memory. */
export const WINDOW_MAX = 500
export const PAGE = 50
/** A stored copy further behind than this is replaced by a page instead of being caught up. */
export const CATCH_UP_MAX = 400

/**
 * A window on a chat's log: messages without a hole between the first and the last, and every change
 * up to `cursor` already in them.
 */
export interface Timeline {
  chat_id: string
  /** By `seq`; dense in `n`. */
  messages: readonly Message[]
  /** Quiet lines by `seq`. */
  notices: readonly NoticeEntry[]
  /** The log is applied up to here. */
  cursor: number
  more_before: boolean
  /** The window does not reach the end: new messages are not shown in it. */
  more_after: boolean
}

export interface NoticeEntry {
  seq: number
  at: string
  actor_id: string
  notice: Notice
}

/** Something of mine that the server has not confirmed; its id is made once and never changes. */
export type OutboxEntry =
  OutboxSend | OutboxEdit | OutboxDelete | OutboxReaction | OutboxPin | OutboxRead | OutboxPrefer

interface Pending {
  /** Unique among entries: the `message_id` of a message, the `change_id` of a change. */
  id: string
  chat_id: string
  /** Grows with each entry: the order of sending within a chat. */
  order: number
  created_at: string
  /** `confirmed`: carried out; kept until the event shows it. */
  state: 'queued' | 'failed' | 'confirmed'
  /** Why it failed or, of one that is queued, why it has been waiting for a while. */
  code: string | null
  /** Where it stands in the log once confirmed. */
  seq: number | null
  /** The server may have it: it was told once, and the answer is lost. */
  told?: true
}

export interface OutboxSend extends Pending {
  kind: 'send'
  text: string
  reply_to: ReplyTarget | null
  /** The message that is forwarded; `text` is then what it says here, and the server copies it. */
  source?: ForwardSource
  /** They are brought to the server first. */
  files?: readonly LocalFile[]
  /** The server is to send it then, in epoch milliseconds: it is asked to keep it until that. */
  send_at?: number
}

/** A file on this device that is to be sent; its bytes are on the shelf under its `id`. */
export interface LocalFile {
  /** Made once; the server knows the upload by it. */
  id: string
  name: string
  size: number
  /** What the browser takes it for; the server looks for itself. */
  type: string
  /** Of pictures and films, as they are shown. */
  width: number | null
  height: number | null
  duration_ms?: number
  /** A voice note; from 0 to 31. */
  waveform?: readonly number[]
  /** What a picture shows, for who cannot see it. */
  alt: string
  /** As it was chosen, where this is a smaller one made of it. */
  full?: LocalFile
  /** Only this page has it: it is too large to be stored, or nothing is. */
  here?: true
}

export interface OutboxEdit extends Pending {
  kind: 'edit'
  message_id: string
  text: string
  base_revision: number
}

export interface OutboxDelete extends Pending {
  kind: 'delete'
  message_id: string
}

export interface OutboxReaction extends Pending {
  kind: 'reaction'
  message_id: string
  emoji: string
  on: boolean
}

export interface OutboxPin extends Pending {
  kind: 'pin'
  message_id: string
  on: boolean
}

/** At most one for each chat: a newer mark replaces it. */
export interface OutboxRead extends Pending {
  kind: 'read'
  n: number
  force: boolean
}

/** At most one for each chat: a newer wish is added to it. */
export interface OutboxPrefer extends Pending {
  kind: 'prefer'
  change: PreferenceChange
}

export function emptyTimeline(chatId: string, cursor: number): Timeline {
  return { chat_id: chatId, messages: [], notices: [], cursor, more_before: false, more_after: false }
}
