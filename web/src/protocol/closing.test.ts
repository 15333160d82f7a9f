import { describe, expect, it } from 'vitest'
import { closing } from './closing'

describe('closing', () => {
  it.each([1000, 1001, 1006, 1009, 4000, 4001, 4008, 4013, 4029, 4499])('comes back after %i', (code) => {
    expect(closing(code).reconnect).toBe(true)
  })

  it.each([4500, 4501, 4503, 4504, 4505, 4506, 4999])('stops after %i', (code) => {
    expect(closing(code).reconnect).toBe(false)
  })

  it('names the reason, also of codes it does not know', () => {
    expect(closing(4504).reason).toBe('revoked')
    expect(closing(1006).reason).toBe('network')
    expect(closing(4777).reason).toBe('unsupported')
  })
})
