import type { MessageItem, NoticeItem, PendingItem, TimelineItem } from '../../store/contract.ts'

/** One line of the timeline as it stands on screen. Keys are stable over every change of the list. */
export type Row = BeginningRow | DayRow | UnreadRow | MessageRow | NoticeRow

export interface BeginningRow {
  type: 'beginning'
  key: string
}

export interface DayRow {
  type: 'day'
  key: string
  at: string
}

export interface UnreadRow {
  type: 'unread'
  key: string
}

export interface MessageRow {
  type: 'message'
  key: string
  item: MessageItem | PendingItem
  /** The first of a group: it carries the face and the name. */
  head: boolean
}

export interface NoticeRow {
  type: 'notice'
  key: string
  item: NoticeItem
}

export interface RowOptions {
  me: string
  /** Older messages exist: the first row is then no beginning and carries no separator of its own. */
  more_before: boolean
  /** The divider stands after this `n`; null for none. */
  divider_n: number | null
}

const GROUP_MS = 5 * 60_000

/**
 * Lays out the items of one conversation, again and again. What was the first of the loaded messages was shown
 * with its name, whoever wrote before it; it keeps that when older ones come, else it would shrink under the eyes
 * of whoever reads there.
 */
export class RowBuilder {
  readonly #named = new Set<string>()

  build(items: readonly TimelineItem[], options: RowOptions): Row[] {
    const rows = buildRows(items, options).map((row) =>
      row.type === 'message' && this.#named.has(row.key) ? { ...row, head: true } : row,
    )
    const first = rows.find((row) => row.type === 'message')
    if (options.more_before && first !== undefined) this.#named.add(first.key)
    return rows
  }
}

/** Lays out the items: separators between days, the unread divider, groups by author and five minutes. */
export function buildRows(items: readonly TimelineItem[], options: RowOptions): Row[] {
  const rows: Row[] = options.more_before ? [] : [{ type: 'beginning', key: 'beginning' }]
  const firstUnread = findUnread(items, options)
  let before: TimelineItem | null = null
  for (const item of items) {
    const newDay = before === null ? !options.more_before : dayOf(before) !== dayOf(item)
    if (newDay) rows.push({ type: 'day', key: `day-${item.key}`, at: timeOf(item) })
    if (item === firstUnread) rows.push({ type: 'unread', key: 'unread' })
    const parted = newDay || item === firstUnread
    rows.push(rowOf(item, parted || !continues(before, item, options.me)))
    before = item
  }
  return rows
}

/** When it was written or happened, RFC 3339. */
export function timeOf(item: TimelineItem): string {
  switch (item.type) {
    case 'message':
      return item.message.created_at
    case 'pending':
      return item.created_at
    case 'notice':
      return item.at
  }
}

/** The author of a message; a pending one is mine. */
export function authorOf(item: MessageItem | PendingItem, me: string): string {
  return item.type === 'message' ? item.message.sender_id : me
}

/** The `seq` that a permalink names; null for what the server has not numbered. */
export function seqOf(row: Row): number | null {
  if (row.type === 'notice') return row.item.seq
  return row.type === 'message' && row.item.type === 'message' ? row.item.message.seq : null
}

/** The message number of a row; null for rows that are no message of the server. */
export function numberOf(row: Row | undefined): number | null {
  return row?.type === 'message' && row.item.type === 'message' ? row.item.message.n : null
}

/** The time that a row belongs to, for the separator that floats at the top. */
export function rowTime(row: Row | undefined): string | null {
  switch (row?.type) {
    case 'day':
      return row.at
    case 'message':
    case 'notice':
      return timeOf(row.item)
    case 'beginning':
    case 'unread':
    case undefined:
      return null
  }
}

/** Rows of unchanged items keep their identity, so that what is on screen is not compared again piece by piece. */
const made = new WeakMap<TimelineItem, { head?: Row; follower?: Row }>()

function rowOf(item: TimelineItem, head: boolean): Row {
  const rows = made.get(item) ?? {}
  made.set(item, rows)
  return (rows[head ? 'head' : 'follower'] ??= makeRow(item, head))
}

function makeRow(item: TimelineItem, head: boolean): Row {
  if (item.type === 'notice') return { type: 'notice', key: item.key, item }
  return { type: 'message', key: item.key, item, head }
}

/**
 * The first unread message, where it is known to be that: in a window that begins after it, the first would be
 * another one with each page that is loaded, and the divider would wander with the start of the list.
 */
function findUnread(items: readonly TimelineItem[], { more_before, divider_n }: RowOptions) {
  const first = items.find((item) => item.type === 'message')
  if (more_before && first !== undefined && first.message.n > (divider_n ?? 0)) return undefined
  return items.find((item) => isUnread(item, divider_n))
}

function isUnread(item: TimelineItem, dividerN: number | null): boolean {
  return dividerN !== null && item.type === 'message' && item.message.n > dividerN && !item.mine
}

function continues(before: TimelineItem | null, item: TimelineItem, me: string): boolean {
  if (before === null || before.type === 'notice' || item.type === 'notice') return false
  const apart = Date.parse(timeOf(item)) - Date.parse(timeOf(before))
  return authorOf(before, me) === authorOf(item, me) && apart < GROUP_MS
}

function dayOf(item: TimelineItem): string {
  const date = new Date(timeOf(item))
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}
