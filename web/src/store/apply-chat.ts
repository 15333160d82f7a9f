/** (chat, what the server tells) → chat; pure, like what is done to a timeline (`apply.ts`). */
import { retells } from '../protocol/message'
import type { Chat, ChatEvent, DigestEntry, Head, Message, UserEvent } from '../protocol/wire'
import { unknown } from './apply'

/** The chat's own fields after a change; `null` when the chat is gone. */
export function applyToChat(chat: Chat, event: ChatEvent, me: string): Chat | null {
  if (event.seq <= chat.seq) return withBody(chat, event)
  return changeChat({ ...chat, seq: event.seq }, event, me)
}

/** A head told of it before its body came: only the last message is still to be learnt. */
function withBody(chat: Chat, event: ChatEvent): Chat {
  const last = chat.last_message
  if (event.kind === 'message.new')
    return event.n > (last?.n ?? 0) ? { ...chat, last_message: event.data } : chat
  if (!retells(event)) return chat
  const newer = last?.message_id === event.data.message_id && event.data.revision >= last.revision
  return newer ? { ...chat, last_message: event.data } : chat
}

function changeChat(chat: Chat, event: ChatEvent, me: string): Chat | null {
  switch (event.kind) {
    case 'message.new':
      return posted(chat, event.data, event.at, event.actor_id === me)
    case 'message.edited':
    case 'message.previewed':
    case 'message.deleted':
      return event.data.message_id === chat.last_message?.message_id
        ? { ...chat, last_message: event.data }
        : chat
    case 'member.joined':
      return { ...chat, member_count: chat.member_count + 1 }
    case 'member.left':
      return { ...chat, member_count: Math.max(0, chat.member_count - 1) }
    case 'member.role':
      return event.data.user_id === me ? { ...chat, role: event.data.role ?? chat.role } : chat
    case 'chat.updated':
      return { ...chat, ...event.data }
    case 'chat.deleted':
      return null
    case 'reaction.changed':
    case 'pin.changed':
    case 'unknown':
      return chat
    default:
      return unknown(event, chat)
  }
}

/** Sending is reading: the sender's own mark moves to what was sent, as it does on the server. */
function posted(chat: Chat, message: Message, at: string, mine: boolean): Chat {
  const n = Math.max(chat.n, message.n)
  const read = mine && reads(chat, message) ? { read_n: Math.max(chat.read_n, message.n), mentions: 0 } : {}
  return { ...chat, n, last_message: message, updated_at: at, ...read }
}

/** The server sent it at its time, or it was forwarded from elsewhere: whoever did may not have looked here. */
function reads(chat: Chat, { n, scheduled, forwarded }: Message): boolean {
  return scheduled !== true && (forwarded === undefined || chat.read_n >= n - 1)
}

/** What a head tells, and whether there is more to it than messages. */
export function withHead(chat: Chat, head: Head, at: string): { chat: Chat; hides: boolean } {
  if (head.seq <= chat.seq) return { chat, hides: false }
  const hides = head.seq - chat.seq !== head.n - chat.n || ('mentions_all' in head && head.mentions_all)
  const updated_at = head.n > chat.n ? at : chat.updated_at
  return { chat: { ...chat, seq: head.seq, n: Math.max(chat.n, head.n), updated_at }, hides }
}

/** The digest speaks for the server: read marks may have gone back on another device. */
export function withDigest(chat: Chat, entry: DigestEntry, at: string): { chat: Chat; hides: boolean } {
  const { chat: headed, hides } = withHead(chat, entry, at)
  const { read_n, mentions } = entry
  return { chat: { ...headed, read_n, mentions }, hides }
}

/** The chat after an entry of the person's own log; the counts of mentions may need the server. */
export function withMine(
  chat: Chat,
  event: Extract<UserEvent, { kind: 'read.updated' | 'mention' }>,
): { chat: Chat; recount: boolean } {
  if (event.kind === 'mention') {
    const unread = event.data.n > chat.read_n
    const n = Math.max(chat.n, event.data.n)
    return { chat: { ...chat, n, mentions: chat.mentions + (unread ? 1 : 0) }, recount: false }
  }
  return withMark(chat, event.data.read_n)
}

/** With my mark at `read_n`; only the server can count the mentions that are left behind it. */
export function withMark(chat: Chat, read_n: number): { chat: Chat; recount: boolean } {
  const all = read_n >= chat.n
  const recount = !all && (chat.mentions > 0 || read_n < chat.read_n)
  return { chat: { ...chat, read_n, mentions: all ? 0 : chat.mentions }, recount }
}
