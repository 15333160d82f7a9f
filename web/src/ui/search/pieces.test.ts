import { describe, expect, it } from 'vitest'
import { pieces, plainWords, rangesOf, wordsOf } from './pieces.ts'

const marked = (found: { text: string; mark: boolean }[]) =>
  found.map(({ text, mark }) => (mark ? `[${text}]` : text)).join('')

describe('an excerpt', () => {
  it('marks what was found, in characters and not in halves of them', () => {
    expect(marked(pieces('😀 La reunión\nes hoy', [[5, 12]]))).toBe('😀 La [reunión] es hoy')
  })

  it('begins shortly before the first mark of a long text, and is not long', () => {
    const found = marked(pieces(`${'a'.repeat(300)} reunión ${'b'.repeat(300)}`, [[301, 308]]))
    expect(found).toMatch(/^…a{31} \[reunión\] b+…$/)
    expect(found.length).toBeLessThan(220)
  })

  it('shows the beginning where nothing is marked', () => {
    expect(marked(pieces('hola', []))).toBe('hola')
  })
})

describe('words that were found here', () => {
  it('stand where they stand, blind to accents', () => {
    expect(rangesOf('La REUNIÓN de las reuniones', ['reunion', 'union'])).toEqual([[3, 10]])
    expect(rangesOf('hola', ['adios'])).toEqual([])
  })

  it('are only those without operators and quotation marks', () => {
    expect(plainWords('Reunión de hoy')).toEqual(['reunion', 'de', 'hoy'])
    expect(plainWords('de:ana hola')).toBeNull()
    expect(plainWords('"hola"')).toBeNull()
    expect(plainWords('  ')).toBeNull()
  })

  it('are those beside the operators where only the server knows what it means', () => {
    expect(wordsOf('de:ana "Guía de redes"')).toEqual(['guia', 'de', 'redes'])
  })
})
