import { describe, expect, it } from 'vitest'
import { FARTHEST_MS, fault, fields, instant, presets } from './when.ts'

const names = (now: Date) => presets(now).map(({ name }) => name)
const THURSDAY = new Date(2026, 10, 26, 9, 30, 15)

describe('presets', () => {
  it('offers what lies ahead, the next first', () => {
    expect(names(THURSDAY)).toEqual(['hour', 'evening', 'morning', 'monday'])
    const times = presets(THURSDAY).map(({ at }) => at.getTime())
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(presets(THURSDAY).map(({ at }) => fields(at).time)).toEqual(['10:30', '18:00', '08:00', '08:00'])
  })

  it('offers no evening that has begun, and no Monday that is tomorrow', () => {
    expect(names(new Date(2026, 10, 26, 17, 0))).toEqual(['hour', 'morning', 'monday'])
    expect(names(new Date(2026, 10, 29, 9, 0))).toEqual(['hour', 'evening', 'morning'])
    expect(names(new Date(2026, 10, 30, 9, 0))).toContain('monday')
  })

  it('means the Monday of next week on a Monday', () => {
    const [monday] = presets(new Date(2026, 10, 30, 9, 0)).filter(({ name }) => name === 'monday')
    expect(fields(monday?.at ?? THURSDAY).date).toBe('2026-12-07')
  })
})

describe('fault', () => {
  it('is a time that has passed, or that is more than a year away', () => {
    const now = THURSDAY.getTime()
    expect(
      [null, now, now + 1, now + FARTHEST_MS, now + FARTHEST_MS + 1].map((at) => fault(at, now)),
    ).toEqual([null, 'past', null, null, 'late'])
  })
})

describe('instant', () => {
  it('reads fields by the clock of this device, and back', () => {
    const at = new Date(2027, 0, 1, 23, 59)
    const { date, time } = fields(at)
    expect([date, time]).toEqual(['2027-01-01', '23:59'])
    expect(instant(date, time)).toBe(at.getTime())
  })

  it('is the wall clock of that day, whatever an hour is skipped in between', () => {
    const zone = process.env['TZ']
    process.env['TZ'] = 'America/New_York'
    // The night of 8 March 2026 has 23 hours there.
    expect(instant('2026-03-09', '08:00')).toBe(Date.UTC(2026, 2, 9, 12))
    expect(instant('2026-03-07', '08:00')).toBe(Date.UTC(2026, 2, 7, 13))
    process.env['TZ'] = zone
  })

  it('is nothing while a field is empty', () => {
    expect(instant('', '08:00')).toBeNull()
    expect(instant('2026-03-09', '')).toBeNull()
  })
})
