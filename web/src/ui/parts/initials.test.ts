import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hue, initials } from './initials.ts'

const tokens = readFileSync(join(import.meta.dirname, '../styles/tokens.css'), 'utf8')

describe('initials', () => {
  it.each([
    ['María Paz Rodríguez', true, 'MR'],
    ['ana', true, 'A'],
    ['juan.perez', true, 'JP'],
    ['Sistemas Distribuidos, grupo 2', false, 'SD'],
    ['  ', true, '·'],
    ['🎓 Ñuflo', true, 'Ñ'],
  ])('of %j (person: %s)', (name, person, letters) => {
    expect(initials(name, person)).toBe(letters)
  })
})

describe('hue', () => {
  it('is the same for the same id, and differs between people', () => {
    const ids = Array.from(
      { length: 60 },
      (_, index) => `0199c9d2-7a1b-7c3e-8f00-${String(index).padStart(12, '0')}`,
    )
    const hues = ids.map(hue)
    expect(hues).toEqual(ids.map(hue))
    expect(new Set(hues).size).toBeGreaterThan(16)
    expect(hues.every((degrees) => degrees >= 0 && degrees < 360)).toBe(true)
  })

  it('is legible in every colour, light and dark', () => {
    const read = (name: string) =>
      [...tokens.matchAll(new RegExp(`--${name}: (\\d+)% (\\d+)%;`, 'g'))].map(
        ([, s, l]) => [Number(s), Number(l)] as const,
      )
    const [papers, inks] = [read('face'), read('face-ink')]
    expect(papers).toHaveLength(3)
    for (const [index, paper] of papers.entries()) {
      const ink = inks[index] ?? paper
      for (let degrees = 0; degrees < 360; degrees += 15) {
        expect(contrast(luminance(degrees, ...paper), luminance(degrees, ...ink))).toBeGreaterThan(4.5)
      }
    }
  })
})

function luminance(degrees: number, saturation: number, lightness: number): number {
  const a = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100)
  const channel = (n: number) => {
    const k = (n + degrees / 30) % 12
    const value = lightness / 100 - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4)
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}
