/** What the timeline shows: the window, with my unconfirmed changes laid over it; pure. */
import type { Message, Reaction } from '../protocol/wire'
import type { MessageItem, NoticeItem, PendingChange, PendingItem, TimelineItem } from './contract'
import type { NoticeEntry, OutboxEntry, OutboxSend, Timeline } from './state'

type Change = Exclude<OutboxEntry, { kind: 'send' | 'read' | 'prefer' }>

/** Rows of unchanged messages, so that they keep their identity and are not drawn again. */
export type ItemCache = WeakMap<Message, MessageItem>

/** `entries` in their order of sending; those of other chats are not expected. */
export function timelineItems(
  timeline: Timeline,
  entries: readonly OutboxEntry[],
  me: string,
  cache: ItemCache,
): TimelineItem[] {
  const changes = changesByMessage(entries)
  const messages = timeline.messages.map((message) => {
    const pending = changes.get(message.message_id)
    return pending === undefined ? cached(message, me, cache) : messageItem(message, pending, me)
  })
  const rows = merge(messages, timeline.notices.map(noticeItem))
  // Below a window that is not the end they would stand in the midst; where nothing is loaded they are all there is.
  const elsewhere = timeline.more_after && rows.length > 0
  return elsewhere ? rows : [...rows, ...pendingItems(timeline, entries)]
}

function cached(message: Message, me: string, cache: ItemCache): MessageItem {
  const known = cache.get(message)
  if (known !== undefined) return known
  const item = messageItem(message, [], me)
  cache.set(message, item)
  return item
}

function pendingItems(timeline: Timeline, entries: readonly OutboxEntry[]): PendingItem[] {
  const sends = entries.filter((entry): entry is OutboxSend => entry.kind === 'send')
  if (sends.length === 0) return []
  const shown = new Set(timeline.messages.map(({ message_id }) => message_id))
  return sends.filter(({ id }) => !shown.has(id)).map(pendingItem)
}

function pendingItem(entry: OutboxSend): PendingItem {
  return {
    type: 'pending',
    key: entry.id,
    text: entry.text,
    reply_to: entry.reply_to,
    forwarded_from: entry.source?.sender_id ?? null,
    files: entry.files ?? [],
    send_at: entry.send_at ?? null,
    created_at: entry.created_at,
    state: entry.state === 'failed' ? 'failed' : 'sending',
    code: entry.code,
  }
}

function messageItem(message: Message, changes: readonly Change[], me: string): MessageItem {
  const mine = message.sender_id === me
  return {
    type: 'message',
    key: message.message_id,
    message: changes.reduce(expected, message),
    mine,
    mentions_me: !mine && (message.mentions.includes(me) || message.mentions.includes('all')),
    change: pendingChange(changes.at(-1)),
  }
}

/** The message as it will be when the change is carried out; a refused one shows the truth again. */
function expected(message: Message, change: Change): Message {
  if (change.state === 'failed') return message
  switch (change.kind) {
    case 'edit':
      // Once the event is in, the message carries a newer revision and the text is its own.
      return message.revision > change.base_revision ? message : { ...message, body: { text: change.text } }
    case 'delete':
      return { ...withoutFiles(message), body: null, deleted: true, reactions: [] }
    case 'pin':
      return message
    case 'reaction':
      return { ...message, reactions: toggled(message.reactions, change.emoji, change.on) }
  }
}

function withoutFiles(message: Message): Message {
  const copy = { ...message, file_ids: [] }
  delete copy.files
  return copy
}

function toggled(reactions: readonly Reaction[], emoji: string, on: boolean): Reaction[] {
  const old = reactions.find((reaction) => reaction.emoji === emoji)
  if ((old?.mine ?? false) === on) return [...reactions]
  const now = { emoji, count: (old?.count ?? 0) + (on ? 1 : -1), mine: on }
  if (now.count <= 0) return reactions.filter((reaction) => reaction.emoji !== emoji)
  if (old === undefined) return [...reactions, now]
  return reactions.map((reaction) => (reaction.emoji === emoji ? now : reaction))
}

function pendingChange(change: Change | undefined): PendingChange | null {
  if (change === undefined || change.state === 'confirmed') return null
  return {
    id: change.id,
    kind: change.kind,
    state: change.state === 'failed' ? 'failed' : 'sending',
    code: change.code,
    text: change.kind === 'edit' ? change.text : null,
  }
}

function changesByMessage(entries: readonly OutboxEntry[]): Map<string, Change[]> {
  const found = new Map<string, Change[]>()
  for (const entry of entries) {
    if (entry.kind === 'send' || entry.kind === 'read' || entry.kind === 'prefer') continue
    const list = found.get(entry.message_id)
    if (list === undefined) found.set(entry.message_id, [entry])
    else list.push(entry)
  }
  return found
}

function noticeItem(entry: NoticeEntry): NoticeItem {
  return { type: 'notice', key: `seq:${entry.seq}`, ...entry }
}

/** Both sides are sorted by `seq` already. */
function merge(messages: readonly MessageItem[], notices: readonly NoticeItem[]): TimelineItem[] {
  const rows: TimelineItem[] = []
  let next = 0
  for (const item of messages) {
    for (; next < notices.length; next += 1) {
      const quiet = notices[next]
      if (quiet === undefined || quiet.seq > item.message.seq) break
      rows.push(quiet)
    }
    rows.push(item)
  }
  return [...rows, ...notices.slice(next)]
}
