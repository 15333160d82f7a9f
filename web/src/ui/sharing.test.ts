import { describe, expect, it } from 'vitest'
import { withShared } from './sharing.ts'

describe('withShared', () => {
  it('loses nothing that was written', () => {
    expect(withShared('', 'https://example.org')).toBe('https://example.org')
    expect(withShared('mira', 'https://example.org')).toBe('mira\nhttps://example.org')
  })
})
