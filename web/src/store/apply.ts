/** (state, event) → state; pure, so that any device that applied the same log shows the same. */
import { excerpt } from '../markdown/plain'
import { textOf } from '../protocol/message'
import type { ChatEvent, Message } from '../protocol/wire'
import type { Notice } from './contract'
import { keepMine, react } from './reactions'
import { WINDOW_MAX, type NoticeEntry, type Timeline } from './state'

/** Trimming in steps keeps it off the path of every single message. */
const TRIM_AT = WINDOW_MAX + 100
/** As long as the server makes them. */
const EXCERPT_CHARS = 140

/**
 * The timeline after the next change of its chat; an event that is already in it changes nothing.
 *
 * The caller has seen to the order (`catchup.ts`). A kind that is not known only moves the cursor.
 */
export function applyToTimeline(timeline: Timeline, event: ChatEvent, me: string): Timeline {
  if (event.seq <= timeline.cursor) return timeline
  return overlay({ ...timeline, cursor: event.seq }, event, me)
}

/** The change itself, cursor aside: also for events that a page fetched meanwhile may lack. */
export function overlay(timeline: Timeline, event: ChatEvent, me: string): Timeline {
  switch (event.kind) {
    case 'message.new':
      return timeline.more_after ? timeline : append(timeline, event.data)
    case 'message.edited':
    case 'message.previewed':
    case 'message.deleted':
      return requote(
        amend(timeline, event.data.message_id, (old) => keepMine(old, event.data)),
        event.data,
      )
    case 'reaction.changed': {
      const { message_id, emoji, count, user_id, on } = event.data
      return amend(timeline, message_id, (old) => ({
        ...old,
        reactions: react(old.reactions, { emoji, count }, user_id === me ? on : null),
      }))
    }
    case 'member.joined':
    case 'member.left':
      return notice(timeline, event, { kind: event.kind, user_id: event.data.user_id })
    case 'member.role':
      return notice(timeline, event, {
        kind: event.kind,
        user_id: event.data.user_id,
        role: event.data.role ?? 'member',
      })
    case 'chat.updated':
      return notice(timeline, event, { kind: event.kind, ...event.data })
    case 'pin.changed':
      return notice(timeline, event, { kind: event.kind, ...event.data })
    case 'chat.deleted':
    case 'unknown':
      return timeline
    default:
      return unknown(event, timeline)
  }
}

function append(timeline: Timeline, message: Message): Timeline {
  const last = timeline.messages.at(-1)
  if (last !== undefined && message.seq <= last.seq) return timeline
  return trimStart({ ...timeline, messages: [...timeline.messages, message] })
}

function trimStart(timeline: Timeline): Timeline {
  if (timeline.messages.length <= TRIM_AT) return timeline
  const messages = timeline.messages.slice(-WINDOW_MAX)
  const from = messages[0]?.seq ?? 0
  const notices = timeline.notices.filter(({ seq }) => seq > from)
  return { ...timeline, messages, notices, more_before: true }
}

/** Replaces one message of the window, found from the end, where changes mostly fall. */
function amend(timeline: Timeline, id: string, change: (old: Message) => Message): Timeline {
  const index = timeline.messages.findLastIndex(({ message_id }) => message_id === id)
  const old = timeline.messages[index]
  return old === undefined
    ? timeline
    : { ...timeline, messages: replaced(timeline.messages, index, change(old)) }
}

/** No event repeats the messages that quote a changed one: what they quote is changed here. */
function requote(timeline: Timeline, now: Message): Timeline {
  const { message_id } = now
  if (!timeline.messages.some(({ reply_to }) => reply_to?.message_id === message_id)) return timeline
  const text = excerpt(textOf(now), EXCERPT_CHARS) || (now.files?.[0]?.name ?? '')
  const messages = timeline.messages.map((message) =>
    message.reply_to?.message_id === message_id
      ? { ...message, reply_to: { ...message.reply_to, excerpt: text } }
      : message,
  )
  return { ...timeline, messages }
}

/** Not `Array.prototype.with`: the oldest browsers served lack it. */
function replaced<T>(list: readonly T[], index: number, value: T): T[] {
  const copy = [...list]
  copy[index] = value
  return copy
}

function notice(timeline: Timeline, event: ChatEvent, what: Notice): Timeline {
  const entry: NoticeEntry = { seq: event.seq, at: event.at, actor_id: event.actor_id, notice: what }
  return { ...timeline, notices: insertNotice(timeline.notices, entry) }
}

export function insertNotice(notices: readonly NoticeEntry[], entry: NoticeEntry): readonly NoticeEntry[] {
  const before = notices.findLastIndex(({ seq }) => seq <= entry.seq)
  if (notices[before]?.seq === entry.seq) return notices
  return [...notices.slice(0, before + 1), entry, ...notices.slice(before + 1)]
}

/** A newer server may say more than this client knows; the types insist that it knows all of today's. */
export function unknown<T>(_event: never, state: T): T {
  return state
}
