import { describe, expect, it } from 'vitest'
import { compareLists } from './change.ts'

const rows = (keys: string) => Array.from(keys, (key) => ({ key }))
const keysOf = (list: readonly { key: string }[]) => list.map((row) => row.key).join('')

describe('compareLists', () => {
  it('sees that nothing is in common', () => {
    expect(compareLists(rows('abc'), rows('xyz'))).toEqual({ kind: 'replaced' })
    expect(compareLists(rows(''), rows('abc'))).toEqual({ kind: 'replaced' })
    expect(compareLists(rows('abc'), rows(''))).toEqual({ kind: 'replaced' })
  })

  it('sees growth and loss at the end', () => {
    expect(compareLists(rows('abc'), rows('abcd'))).toEqual({ kind: 'tail' })
    expect(compareLists(rows('abc'), rows('ab'))).toEqual({ kind: 'tail' })
    expect(compareLists(rows('abc'), rows('axc'))).toEqual({ kind: 'tail' })
  })

  it.each([
    ['cde', 'abcde', 'abcde'],
    ['cde', 'abcd', 'abcde'],
    ['abcde', 'cde', 'cde'],
    ['abcde', 'cdef', 'cde'],
    ['1cde', 'abcde', 'abcde'],
  ])('shows the new start of %s → %s before its new end', (old, next, between) => {
    const change = compareLists(rows(old), rows(next))
    expect(change.kind).toBe('head')
    expect(change.kind === 'head' && keysOf(change.between)).toBe(between)
  })
})
