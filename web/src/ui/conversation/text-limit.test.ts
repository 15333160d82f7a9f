import { describe, expect, it } from 'vitest'
import { bytesOver, TEXT_LIMIT } from './text-limit.ts'

describe('bytesOver', () => {
  it('counts bytes, not letters', () => {
    expect(bytesOver('a'.repeat(TEXT_LIMIT))).toBe(0)
    expect(bytesOver('a'.repeat(TEXT_LIMIT + 1))).toBe(1)
    expect(bytesOver('ñ'.repeat(TEXT_LIMIT / 2))).toBe(0)
    expect(bytesOver('ñ'.repeat(TEXT_LIMIT / 2 + 1))).toBe(2)
    expect(bytesOver('😀'.repeat(TEXT_LIMIT / 4 + 1))).toBe(4)
  })

  it('has room for a short text', () => {
    expect(bytesOver('')).toBe(0)
  })
})
