import { describe, expect, it } from 'vitest'
import { undirected } from './direction'

describe('undirected', () => {
  it.each([
    ['factura\u202egpj.exe', 'facturagpj.exe'],
    ['\u2067100 - 20\u2069', '100 - 20'],
    ['\u202aa\u202bb\u202cc\u202dd\u2066e\u2068f', 'abcdef'],
    // Marks beside letters and joiners within words and emoji belong to the writing.
    ['\u05e9\u05dc\u05d5\u05dd\u200f!', '\u05e9\u05dc\u05d5\u05dd\u200f!'],
    ['👩\u200d🔬', '👩\u200d🔬'],
  ])('of %j is %j', (text, shown) => {
    expect(undirected(text)).toBe(shown)
  })
})
