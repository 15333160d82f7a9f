import { describe, expect, it } from 'vitest'
import { createFormat, daysBetween } from './format.ts'
import { preferredLocale } from './locale.ts'

const local = (day: number, hour = 12, month = 10, year = 2026) => new Date(year, month, day, hour).getTime()
const NOW = local(23)

describe('in Spanish', () => {
  const format = createFormat('es')

  it('names days by how near they are', () => {
    expect(format.day(local(23, 1), NOW)).toBe('Hoy')
    expect(format.day(local(22, 23), NOW)).toBe('Ayer')
    expect(format.day(local(20), NOW)).toBe('Viernes')
    expect(format.day(local(12, 12, 4), NOW)).toBe('12 de mayo')
    expect(format.day(local(12, 12, 4, 2024), NOW)).toBe('12 de mayo de 2024')
  })

  it('is brief in a list', () => {
    expect(format.brief(local(22), NOW)).toBe('ayer')
    expect(format.brief(local(20), NOW)).toBe('viernes')
    expect(format.brief(local(23, 9), NOW)).toMatch(/^9:00/)
  })

  it('tells how long ago', () => {
    expect(format.ago(NOW - 5 * 60_000, NOW)).toBe('hace 5 minutos')
    expect(format.ago(NOW - 3 * 3_600_000, NOW)).toBe('hace 3 horas')
    expect(format.ago(NOW + 7 * 86_400_000, NOW)).toBe('dentro de 7 días')
  })

  it('breaks no time in two lines', () => {
    const nine = /9:00\u00a0a\.\u00a0m\.$/
    expect(format.time(local(23, 9))).toMatch(nine)
    expect(format.brief(local(23, 9), NOW)).toMatch(nine)
    expect(format.full(local(23, 9))).toMatch(nine)
    expect(format.full(local(23, 9))).toContain('23 de noviembre')
  })

  it('has a time without its half of the day', () => {
    expect(format.shortTime(local(23, 9))).toBe('9:00')
  })

  it('joins names', () => {
    expect(format.list(['Ana', 'Luis', 'Marta'])).toBe('Ana, Luis y Marta')
  })
})

it('speaks English too', () => {
  const format = createFormat('en')
  expect(format.day(local(22), NOW)).toBe('Yesterday')
  expect(format.list(['Ana', 'Luis'])).toBe('Ana and Luis')
})

it('counts days of the calendar, not of 24 hours', () => {
  expect(daysBetween(new Date(2026, 10, 22, 23, 59), new Date(2026, 10, 23, 0, 1))).toBe(1)
  expect(daysBetween(new Date(2026, 10, 23, 0, 1), new Date(2026, 10, 23, 23, 59))).toBe(0)
})

describe('preferredLocale', () => {
  it.each([
    [['en-US', 'es'], 'en'],
    [['es-CO', 'en'], 'es'],
    [['fr', 'en'], 'es'],
    [[], 'es'],
  ] as const)('of %j is %s', (languages, locale) => {
    expect(preferredLocale(languages)).toBe(locale)
  })
})

describe('sizes and lengths', () => {
  it('are told in the largest unit that fits', () => {
    const format = createFormat('es')
    const plain = (n: number) => format.bytes(n).replaceAll('\u00a0', ' ')
    expect([1_500, 2_340_000, 7_100_000_000].map(plain)).toEqual(['1,5 kB', '2,3 MB', '7,1 GB'])
    expect(plain(5_000_000_000_000)).toContain('GB')
  })

  it('have hours only where there are any', () => {
    const format = createFormat('en')
    expect([0, 7_400, 61_000, 3_723_000].map((ms) => format.duration(ms))).toEqual([
      '0:00',
      '0:07',
      '1:01',
      '1:02:03',
    ])
    expect(format.percent(0.123)).toBe('12%')
  })
})
