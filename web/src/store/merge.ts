/** A fetched chat and what was learnt of it while the fetch was on its way; pure. */
import type { Chat, DigestEntry, Head, UserEvent } from '../protocol/wire'
import { preferencesOf, withPreferences } from './preferences'

/** What reached the local copy after a fetch was begun. */
export interface Touched {
  /** Read marks, mentions or preferences: the person's own log, which the chat's `seq` says nothing about. */
  mine: boolean
}

/** The fetched one, with what is newer in the local one. */
export function mergeChat(local: Chat | undefined, fetched: Chat, touched: Touched): Chat {
  if (local === undefined) return fetched
  const log = local.seq > fetched.seq ? newerLog(local) : {}
  const mine = touched.mine ? { read_n: local.read_n, mentions: local.mentions } : {}
  const merged = { ...fetched, ...log, ...mine }
  return touched.mine ? withPreferences(merged, preferencesOf(local)) : merged
}

/** Everything that the chat's log decides. */
function newerLog({
  seq,
  n,
  last_message,
  title,
  topic,
  settings,
  updated_at,
  member_count,
  role,
}: Chat): Partial<Chat> {
  const last = last_message === undefined ? {} : { last_message }
  return { seq, n, title, topic, settings, updated_at, member_count, role, ...last }
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
