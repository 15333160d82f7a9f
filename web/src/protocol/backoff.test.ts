import { describe, expect, it } from 'vitest'
import { backoff, BASE_MS, CAP_MS } from './backoff'

describe('backoff', () => {
  it('doubles its ceiling up to eight seconds', () => {
    const ceilings = [0, 1, 2, 3, 4, 50].map((attempt) => backoff(attempt, 1))
    expect(ceilings).toEqual([BASE_MS, 1_000, 2_000, 4_000, CAP_MS, CAP_MS])
  })

  it('spreads over the whole interval', () => {
    expect([0, 0.25, 0.5].map((random) => backoff(3, random))).toEqual([0, 1_000, 2_000])
  })
})
