import { describe, expect, it } from 'vitest'
import type { TimelineItem } from '../../store/contract.ts'
import { RowBuilder, buildRows, numberOf, rowTime, seqOf, type Row, type RowOptions } from './rows.ts'
import { messageItem, noticeItem, pendingItem } from './samples.ts'

const OPTIONS: RowOptions = { me: 'me', more_before: false, divider_n: null }
/** Local times, so that the test means the same in every zone. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString()

function shape(items: readonly TimelineItem[], options: Partial<RowOptions> = {}): string[] {
  return buildRows(items, { ...OPTIONS, ...options }).map(short)
}

function short(row: Row): string {
  return row.type === 'message' ? `${row.key}${row.head ? '*' : ''}` : row.type
}

describe('buildRows', () => {
  it('groups by author and five minutes', () => {
    const items = [
      messageItem(1, 'ana', at(3, 10, 0)),
      messageItem(2, 'ana', at(3, 10, 4)),
      messageItem(3, 'ana', at(3, 10, 10)),
      messageItem(4, 'luis', at(3, 10, 11)),
    ]
    expect(shape(items)).toEqual(['beginning', 'day', 'm1*', 'm2', 'm3*', 'm4*'])
  })

  it('puts my unsent messages in my group', () => {
    const items = [messageItem(1, 'me', at(3, 10)), pendingItem('p', at(3, 10, 1))]
    expect(shape(items)).toEqual(['beginning', 'day', 'm1*', 'p'])
  })

  it('separates days, and starts a group after each', () => {
    const items = [messageItem(1, 'ana', at(3, 23, 59)), messageItem(2, 'ana', at(4, 0, 1))]
    expect(shape(items)).toEqual(['beginning', 'day', 'm1*', 'day', 'm2*'])
  })

  it('has neither a beginning nor a first separator while older messages exist', () => {
    expect(shape([messageItem(8, 'ana', at(3, 10))], { more_before: true })).toEqual(['m8*'])
  })

  it('leaves the name on what was the first when older messages come', () => {
    const builder = new RowBuilder()
    const items = [1, 2, 3, 4].map((n) => messageItem(n, 'ana', at(3, 10, 0)))
    const build = (from: number, more_before: boolean) =>
      builder.build(items.slice(from), { ...OPTIONS, more_before }).map(short)
    expect(build(2, true)).toEqual(['m3*', 'm4'])
    expect(build(1, true)).toEqual(['m2*', 'm3*', 'm4'])
    expect(build(0, false)).toEqual(['beginning', 'day', 'm1*', 'm2*', 'm3*', 'm4'])
  })

  it('puts the divider once, before the first unread message of another', () => {
    const items = [
      messageItem(1, 'ana', at(3, 10, 0)),
      messageItem(2, 'me', at(3, 10, 1)),
      messageItem(3, 'ana', at(3, 10, 2)),
      messageItem(4, 'ana', at(3, 10, 3)),
    ]
    expect(shape(items, { divider_n: 1 })).toEqual(['beginning', 'day', 'm1*', 'm2*', 'unread', 'm3*', 'm4'])
    expect(shape(items, { divider_n: 4 })).not.toContain('unread')
  })

  it('puts no divider before what may not be the first unread message', () => {
    const items = [1, 2, 3, 4, 5].map((n) => messageItem(n, 'ana', at(3, 10, n)))
    const from = (first: number) => shape(items.slice(first), { more_before: first > 0, divider_n: 2 })
    expect(from(3)).toEqual(['m4*', 'm5'])
    expect(from(2)).toEqual(['m3*', 'm4', 'm5'])
    expect(from(1)).toEqual(['m2*', 'unread', 'm3*', 'm4', 'm5'])
    expect(from(0)).toContain('unread')
  })

  it('breaks a group at a quiet line', () => {
    const joined = noticeItem(2, at(3, 10, 1), { kind: 'member.joined', user_id: 'luis' })
    const items = [messageItem(1, 'ana', at(3, 10)), joined, messageItem(3, 'ana', at(3, 10, 2))]
    expect(shape(items)).toEqual(['beginning', 'day', 'm1*', 'notice', 'm3*'])
  })

  it('keeps keys unique when a clock steps back over midnight', () => {
    const items = [
      messageItem(1, 'ana', at(4, 0)),
      messageItem(2, 'ana', at(3, 23)),
      messageItem(3, 'ana', at(4, 1)),
    ]
    const keys = buildRows(items, OPTIONS).map((row) => row.key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('what a row stands for', () => {
  const [, day, message] = buildRows([messageItem(5, 'ana', at(3, 10))], OPTIONS)
  const [pending] = buildRows([pendingItem('p', at(3, 10))], { ...OPTIONS, more_before: true })

  it('knows the number of a message only', () => {
    expect([numberOf(message), numberOf(day), numberOf(pending), numberOf(undefined)]).toEqual([
      5,
      null,
      null,
      null,
    ])
  })

  it('knows the seq that a permalink names', () => {
    expect(message && seqOf(message)).toBe(5)
    expect(pending && seqOf(pending)).toBeNull()
  })

  it('knows the time for the floating separator', () => {
    expect([rowTime(day), rowTime(message), rowTime(undefined)]).toEqual([at(3, 10), at(3, 10), null])
  })
})
