import { describe, expect, it } from 'vitest'
import { mayRunLeft, undirected } from './direction'

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

describe('mayRunLeft', () => {
  it.each(['\u05e9\u05dc\u05d5\u05dd', 'a \u0645', '\u07d0', '\ufe8e', '\u{10a00}', '\u{1e900}', '1\u200f'])(
    'finds the letter in %j',
    (text) => {
      expect(mayRunLeft(text)).toBe(true)
    },
  )

  it.each(['', 'canción, 日本語 हिन्दी Ελλάδα', '👩\u200d🔬 100 - 20'])('finds none in %j', (text) => {
    expect(mayRunLeft(text)).toBe(false)
  })
})
