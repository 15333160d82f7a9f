/** Lines of the chat list; pure. */
import { opening } from '../markdown/plain'
import { kindOf } from '../protocol/kinds'
import { textOf } from '../protocol/message'
import type { Chat, User } from '../protocol/wire'
import type { ChatRow, Preview } from './contract'
import { isTimed } from './lanes'
import { changed, withPreferences } from './preferences'
import type { OutboxEntry, OutboxPrefer, OutboxRead, OutboxSend } from './state'

const PREVIEW_CHARS = 120

/** The server's preview of a message whose body has not come. Of an older server nobody knows who wrote it: ''. */
export interface HeadPreview {
  n: number
  text: string
  sender_id: string
  files: Preview['files']
}

export interface RowContext {
  me: string
  peer: User | null
  draft: string | null
  typing: readonly string[]
  /** Of this chat, in their order of sending. */
  entries: readonly OutboxEntry[]
  head_preview: HeadPreview | null
  now: number
}

export function buildRow(chat: Chat, context: RowContext): ChatRow {
  const shown = withMyWish(withMyMark(chat, context.entries), context.entries)
  const preview = previewOf(chat, context)
  return {
    chat_id: chat.chat_id,
    chat: shown,
    title: chat.kind === 'direct' ? (context.peer?.display_name ?? '') : (chat.title ?? ''),
    peer: context.peer,
    unread: Math.max(0, shown.n - shown.read_n),
    mentions: shown.n > shown.read_n ? shown.mentions : 0,
    preview,
    draft: context.draft,
    typing: context.typing.filter((userId) => userId !== context.me),
    muted: isMuted(shown, context.now),
    activity_at: lastSend(context.entries)?.created_at ?? chat.updated_at,
  }
}

/**
 * Whether the list has a line for it. A direct chat begins with its first message: until something is said,
 * begun or kept in it, it is somebody's intention, and the other need not know of it.
 */
export function isListed({ chat, draft, preview }: ChatRow): boolean {
  return chat.kind !== 'direct' || chat.n > 0 || preview !== null || draft !== null || chat.pinned
}

/** Pinned first, then newest activity; the id decides between equals, so that nothing jumps. */
export function compareRows(left: ChatRow, right: ChatRow): number {
  if (left.chat.pinned !== right.chat.pinned) return left.chat.pinned ? -1 : 1
  if (left.activity_at !== right.activity_at) return left.activity_at < right.activity_at ? 1 : -1
  return left.chat_id < right.chat_id ? 1 : -1
}

/** My read mark that is still on its way counts already. */
function withMyMark(chat: Chat, entries: readonly OutboxEntry[]): Chat {
  const mark = entries.findLast((entry): entry is OutboxRead => entry.kind === 'read')
  if (mark === undefined) return chat
  const read_n = mark.force ? mark.n : Math.max(chat.read_n, mark.n)
  return { ...chat, read_n: Math.min(read_n, chat.n) }
}

/** How I want the chat counts before the server has heard of it. */
function withMyWish(chat: Chat, entries: readonly OutboxEntry[]): Chat {
  const wish = entries.findLast((entry): entry is OutboxPrefer => entry.kind === 'prefer')
  return wish === undefined ? chat : withPreferences(chat, changed(chat, wish.change))
}

function previewOf(chat: Chat, { me, entries, head_preview }: RowContext): Preview | null {
  const pending = lastSend(entries)
  if (pending !== undefined) {
    const state = pending.state === 'failed' ? 'failed' : 'sending'
    const text = opening(pending.text, PREVIEW_CHARS)
    return { sender_id: me, mine: true, text, files: localFiles(pending), deleted: false, state }
  }
  const last = chat.last_message
  if (head_preview !== null && head_preview.n > (last?.n ?? 0)) {
    return {
      sender_id: head_preview.sender_id,
      mine: head_preview.sender_id === me,
      text: head_preview.files.length > 0 ? '' : opening(head_preview.text, PREVIEW_CHARS),
      files: head_preview.files,
      deleted: false,
      state: 'sent',
    }
  }
  if (last === undefined) return null
  const text = opening(textOf(last), PREVIEW_CHARS)
  return {
    sender_id: last.sender_id,
    mine: last.sender_id === me,
    text,
    files: last.files ?? [],
    deleted: last.deleted,
    state: 'sent',
  }
}

function localFiles({ files = [] }: OutboxSend): Preview['files'] {
  return files.map((file) => ({ name: file.name, kind: kindOf(file) }))
}

function lastSend(entries: readonly OutboxEntry[]): OutboxSend | undefined {
  // What is to be sent at its time is no last word yet, unless it cannot be.
  return entries.findLast(
    (entry): entry is OutboxSend => entry.kind === 'send' && (!isTimed(entry) || entry.state === 'failed'),
  )
}

function isMuted(chat: Chat, now: number): boolean {
  return chat.level === 'none' || (chat.muted_until !== undefined && Date.parse(chat.muted_until) > now)
}
