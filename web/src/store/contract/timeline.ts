/** What a conversation shows. */
import type { ClientProblem } from '../../protocol/problem'
import type { ChatRole, Message } from '../../protocol/wire'
import type { LocalFile } from '../state'
import type { ChatInput } from './chats'

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
