/** Times that people mean, by the clock of this device. */
export interface Preset {
  name: 'hour' | 'evening' | 'morning' | 'monday'
  at: Date
}

const EVENING = 18
const MORNING = 8

/** What is worth offering now, the next first. */
export function presets(now: Date): Preset[] {
  const hour = new Date(now.getTime() + 3_600_000)
  hour.setSeconds(0, 0)
  const offered: Preset[] = [{ name: 'hour', at: hour }]
  if (now.getHours() < EVENING - 1) offered.push({ name: 'evening', at: day(now, 0, EVENING) })
  offered.push({ name: 'morning', at: day(now, 1, MORNING) })
  const monday = (8 - now.getDay()) % 7 || 7
  if (monday > 1) offered.push({ name: 'monday', at: day(now, monday, MORNING) })
  return offered
}

/** As far ahead as the server takes it: a year, in whatever year. */
export const FARTHEST_MS = 366 * 86_400_000

/** What is wrong with a time; the server says it as well, but only once it is asked. */
export function fault(at: number | null, now: number): 'past' | 'late' | null {
  if (at === null) return null
  if (at <= now) return 'past'
  return at > now + FARTHEST_MS ? 'late' : null
}

/** What the fields for a date (`2026-11-26`) and a time (`14:05`) say, by the clock of this device; null for nothing. */
export function instant(date: string, time: string): number | null {
  const [, year, month, dayOfMonth] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(date) ?? []
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(time) ?? []
  if (year === undefined || hour === undefined) return null
  return new Date(Number(year), Number(month) - 1, Number(dayOfMonth), Number(hour), Number(minute)).getTime()
}

/** The same the other way round, as the fields want it. */
export function fields(at: Date): { date: string; time: string } {
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  }
}

function day(now: Date, ahead: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead, hour)
}
