import { describe, expect, it } from 'vitest'
import { bytesLeft, NEAR_LIMIT, TEXT_LIMIT } from './text-limit.ts'

describe('bytesLeft', () => {
  it('counts bytes, not characters', () => {
    expect(bytesLeft('a'.repeat(TEXT_LIMIT))).toBe(0)
    expect(bytesLeft('ñ'.repeat(TEXT_LIMIT / 2 + 1))).toBe(-2)
    expect(bytesLeft('😀'.repeat(TEXT_LIMIT / 4))).toBe(0)
  })

  it('is exact wherever it is shown', () => {
    expect(bytesLeft('a'.repeat(TEXT_LIMIT - NEAR_LIMIT + 1))).toBe(NEAR_LIMIT - 1)
    expect(bytesLeft('')).toBeGreaterThan(NEAR_LIMIT)
  })
})
