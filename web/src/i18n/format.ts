import type { Locale } from './locale.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** Times, dates and lists as people of one language write them. `at` is RFC 3339 or epoch milliseconds. */
export interface Format {
  /** `14:05` */
  time(at: string | number): string
  /** `2:05`: the time where there is no room for the half of the day. */
  shortTime(at: string | number): string
  /** `lunes, 23 de noviembre de 2026, 14:05` */
  full(at: string | number): string
  /** `23/11/26, 14:05`: for a text that is copied. */
  stamp(at: string | number): string
  /** For a separator: `Hoy`, `Ayer`, `lunes`, `12 de mayo`, with the year when it is another. */
  day(at: string | number, now: number): string
  /** For a list: the time today, `ayer`, the weekday this week, else the short date. */
  brief(at: string | number, now: number): string
  /** `hace 5 minutos` */
  ago(at: string | number, now: number): string
  /** `Ana, Luis y Marta` */
  list(names: readonly string[]): string
  number(n: number): string
  /** `12 byte`, `1,5 kB`, `2,3 MB` */
  bytes(n: number): string
  /** `12 %` of a share from 0 to 1. */
  percent(share: number): string
  /** `0:07`, `1:02:03` */
  duration(ms: number): string
}

/** Makes every formatter of a language once: one per row costs more than the row. */
export function createFormat(locale: Locale): Format {
  const tag = locale === 'es' ? 'es-CO' : 'en'
  const time = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' })
  const full = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' })
  const stamp = new Intl.DateTimeFormat(tag, { dateStyle: 'short', timeStyle: 'short' })
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'long' })
  const dayMonth = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long' })
  const dayMonthYear = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', year: 'numeric' })
  const short = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' })
  const shortYear = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'numeric', year: '2-digit' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const names = new Intl.ListFormat(tag, { type: 'conjunction' })
  const numbers = new Intl.NumberFormat(tag)
  const bytes = new Intl.NumberFormat(tag, { style: 'unit', unit: 'byte', unitDisplay: 'long' })
  const larger = (['kilobyte', 'megabyte', 'gigabyte'] as const).map(
    (unit) => new Intl.NumberFormat(tag, { style: 'unit', unit, maximumFractionDigits: 1 }),
  )
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })
  const sameYear = (at: Date, now: Date) => at.getFullYear() === now.getFullYear()

  const near = (at: Date, now: Date): string | null => {
    const days = daysBetween(at, now)
    if (days === 0 || days === 1) return relative.format(-days, 'day')
    return days > 1 && days < 7 ? weekday.format(at) : null
  }
  return {
    time: (at) => unbroken(time.format(new Date(at))),
    shortTime: (at) =>
      time
        .formatToParts(new Date(at))
        .filter((part) => part.type !== 'dayPeriod')
        .map((part) => part.value)
        .join('')
        .trim(),
    full: (at) => unbroken(full.format(new Date(at))),
    stamp: (at) => stamp.format(new Date(at)),
    day(at, now) {
      const date = new Date(at)
      const today = new Date(now)
      return capital(near(date, today) ?? (sameYear(date, today) ? dayMonth : dayMonthYear).format(date))
    },
    brief(at, now) {
      const date = new Date(at)
      const today = new Date(now)
      if (daysBetween(date, today) === 0) return unbroken(time.format(date))
      return near(date, today) ?? (sameYear(date, today) ? short : shortYear).format(date)
    },
    ago(at, now) {
      const [value, unit] = elapsed(new Date(at).getTime() - now)
      return relative.format(value, unit)
    },
    list: (all) => names.format(all),
    number: (n) => numbers.format(n),
    bytes(n) {
      if (n < 1000) return bytes.format(n)
      const power = Math.min(3, Math.floor(Math.log10(n) / 3))
      return larger[power - 1]?.format(n / 1000 ** power) ?? ''
    },
    percent: (share) => percent.format(share),
    duration,
  }
}

/** Calendar days from `at` to `now` in local time: 0 is the same day, 1 the day before. */
export function daysBetween(at: Date, now: Date): number {
  return Math.round((midnight(now) - midnight(at)) / DAY)
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const pad = (part: number) => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = `:${pad(seconds % 60)}`
  return hours > 0 ? `${hours}:${pad(minutes)}${tail}` : `${minutes}${tail}`
}

function elapsed(difference: number): [number, Intl.RelativeTimeFormatUnit] {
  const minutes = Math.round(difference / MINUTE)
  if (Math.abs(minutes) < 60) return [minutes, 'minute']
  const hours = Math.round(minutes / 60)
  if (Math.abs(hours) < 24) return [hours, 'hour']
  return [Math.round(hours / 24), 'day']
}

/** The half of the day stays in one line with its time: not every browser writes it with spaces that do not break. */
function unbroken(text: string): string {
  return text.replace(/:\d\d .*/, (end) => end.replaceAll(' ', '\u00a0'))
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
