import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { NotificationSettings } from '../protocol/wire.ts'
import { choose, claim, isCalm, isSilent, ring, rings } from './ringing.ts'

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  return () => {
    vi.unstubAllGlobals()
    document.documentElement.classList.remove('still')
  }
})

describe('the sound', () => {
  it('is as chosen on this device, and off unasked where less is wanted', () => {
    expect([rings(localStorage, false), rings(localStorage, true)]).toEqual([true, false])
    choose(localStorage, true)
    expect(rings(localStorage, true)).toBe(true)
    choose(localStorage, false)
    expect(rings(localStorage, false)).toBe(false)
  })

  it('takes less motion, here or in the system, and notes of the device for a wish to be left alone', () => {
    expect([isCalm(false), isCalm(true)]).toEqual([false, true])
    document.documentElement.classList.add('still')
    expect(isCalm(false)).toBe(true)
    document.documentElement.classList.remove('still')
    vi.stubGlobal('matchMedia', () => ({ matches: true }))
    expect(isCalm(false)).toBe(true)
  })

  it('is one of many messages and many tabs, also when the clock was put back', () => {
    expect([0, 500, 1_999, 2_000].map((ms) => claim(localStorage, 10_000 + ms))).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(claim(localStorage, 5_000)).toBe(true)
  })

  it.each([
    ['22:00', '06:00', '2026-01-01T03:30:00Z', true],
    ['22:00', '06:00', '2026-01-01T11:00:00Z', false],
    ['22:00', '06:00', '2026-01-01T02:59:00Z', false],
    ['12:00', '14:00', '2026-01-01T18:00:00Z', true],
    ['12:00', '14:00', '2026-01-01T19:00:00Z', false],
  ])('keeps still from %s to %s by the clock of Bogotá: %s', (start, end, at, silent) => {
    expect(isSilent(wishes({ quiet: { start, end } }), Date.parse(at))).toBe(silent)
  })

  it('keeps still while everything is paused', () => {
    const now = Date.parse('2026-01-01T12:00:00Z')
    expect(isSilent(wishes({ snoozed_until: '2026-01-01T13:00:00Z' }), now)).toBe(true)
    expect(isSilent(wishes({ snoozed_until: '2026-01-01T11:00:00Z' }), now)).toBe(false)
  })

  it('makes nothing that the browser would not let sound', async () => {
    const made = vi.fn()
    vi.stubGlobal('AudioContext', made)
    vi.stubGlobal('navigator', { userActivation: { hasBeenActive: false } })
    await ring()
    expect(made).not.toHaveBeenCalled()
  })
})

function wishes(some: Partial<NotificationSettings>): NotificationSettings {
  return { quiet: null, time_zone: 'America/Bogota', ...some } as NotificationSettings
}
