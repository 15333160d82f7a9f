/** Pages of history into a timeline's window; pure. */
import type { ChatEvent, Message } from '../protocol/wire'
import { insertNotice, overlay } from './apply'
import { emptyTimeline, WINDOW_MAX, type NoticeEntry, type Timeline } from './state'

/** Oldest first, as the server sends it. */
export interface HistoryPage {
  messages: readonly Message[]
  more_before: boolean
  more_after: boolean
  /** A page of the local copy: the log up to here is in it. Absent: at least what was known when it was asked for. */
  as_of?: number
}

/**
 * A window that is this page and nothing else. `cursor` is what was known before asking for the page, so
 * the page may be newer than it but not older: replaying what came meanwhile makes it exact.
 */
export function windowOf(chatId: string, page: HistoryPage, cursor: number): Timeline {
  const { messages, more_before, more_after } = page
  return { ...emptyTimeline(chatId, cursor), messages, more_before, more_after }
}

/** Older messages in front; the far end is let go beyond the limit. */
export function extendBefore(timeline: Timeline, page: HistoryPage): Timeline {
  const first = timeline.messages[0]?.seq ?? Infinity
  const messages = [...page.messages.filter(({ seq }) => seq < first), ...timeline.messages]
  const kept = messages.slice(0, WINDOW_MAX)
  const cut = kept.length < messages.length
  const notices = cut ? timeline.notices.filter(({ seq }) => seq < (kept.at(-1)?.seq ?? 0)) : timeline.notices
  return {
    ...timeline,
    messages: kept,
    notices,
    more_before: page.more_before,
    more_after: timeline.more_after || cut,
  }
}

/** Newer messages behind; the far start is let go beyond the limit. */
export function extendAfter(timeline: Timeline, page: HistoryPage): Timeline {
  const last = timeline.messages.at(-1)?.seq ?? 0
  const messages = [...timeline.messages, ...page.messages.filter(({ seq }) => seq > last)]
  const kept = messages.slice(-WINDOW_MAX)
  const cut = kept.length < messages.length
  const notices = cut ? timeline.notices.filter(({ seq }) => seq > (kept[0]?.seq ?? 0)) : timeline.notices
  return {
    ...timeline,
    messages: kept,
    notices,
    more_before: timeline.more_before || cut,
    more_after: page.more_after,
  }
}

/** Changes that came while a page was on its way, in their order; the page may lack them. */
export function replay(timeline: Timeline, events: readonly ChatEvent[], me: string): Timeline {
  return events.reduce((state, event) => {
    const applied = overlay(state, event, me)
    return { ...applied, cursor: Math.max(state.cursor, event.seq) }
  }, timeline)
}

/** Where the log holds changes that are neither messages nor known notices, as (after, to]; null: nowhere. */
export function unseenChanges(
  timeline: Timeline,
  first: number,
  last: number,
): { after: number; to: number } | null {
  const inside = (seq: number) => seq >= first && seq <= last
  const known =
    timeline.messages.filter(({ seq }) => inside(seq)).length +
    timeline.notices.filter(({ seq }) => inside(seq)).length
  return known >= last - first + 1 ? null : { after: first - 1, to: last }
}

/** The quiet lines among the events of a stretch of the log. */
export function withNotices(timeline: Timeline, events: readonly ChatEvent[], me: string): Timeline {
  const quiet = events.filter(({ kind }) => !kind.startsWith('message.') && kind !== 'reaction.changed')
  const probe = quiet.reduce((state, event) => overlay(state, event, me), emptyTimeline(timeline.chat_id, 0))
  const notices = probe.notices.reduce<readonly NoticeEntry[]>(insertNotice, timeline.notices)
  return { ...timeline, notices }
}
