import { describe, expect, it } from 'vitest'
import { around, matcher } from './find.ts'

describe('searching in a conversation', () => {
  it('is blind to accents and case, and wants every word', () => {
    const matches = matcher('REUNION mañana')
    expect(matches?.('La reunión es mañana')).toBe(true)
    expect(matches?.('la reunion fue ayer')).toBe(false)
    expect(matcher('  ')).toBeNull()
  })

  it('marks what matched, as it was written', () => {
    expect(around('La reunión es hoy', 'reunion')).toEqual({
      before: 'La ',
      match: 'reunión',
      after: ' es hoy',
    })
    expect(around('😀😀 Ñandú', 'nandu')).toEqual({ before: '😀😀 ', match: 'Ñandú', after: '' })
  })

  it('begins near the match', () => {
    const piece = around(`${'palabra '.repeat(50)}meta y fin`, 'meta')
    expect(piece.before.length).toBe(41)
    expect(piece.before.startsWith('…')).toBe(true)
    expect(piece.match).toBe('meta')
  })

  it('finds a match made of several characters of one', () => {
    expect(around('ﬁn', 'fin').match).toBe('')
    expect(around('straße', 'strasse').match).toBe('')
  })
})
