import { describe, expect, it, vi } from 'vitest'
import type { Settings, Telling } from '../../protocol/telling.ts'
import { keywordFault, keywordsOf, TellingState, wishesOf } from './telling.svelte.ts'

const SETTINGS: Settings = {
  level: 'all',
  keywords: [],
  quiet: null,
  time_zone: 'America/Bogota',
  preview: true,
  mail: 'off',
  address: 'ana@example.edu',
  address_state: 'confirmed',
}

describe('the page of notifications', () => {
  it('puts the whole of what is wished, and nothing of the address', () => {
    expect(wishesOf(SETTINGS)).not.toHaveProperty('address')
    expect(wishesOf(SETTINGS)).not.toHaveProperty('snoozed_until')
    const until = '2026-01-01T00:00:00.000Z'
    expect(wishesOf({ ...SETTINGS, snoozed_until: until })).toHaveProperty('snoozed_until', until)
  })

  it('reads keywords as they are typed', () => {
    expect(keywordsOf(' parcial,, sistemas distribuidos ,\nquiz')).toEqual([
      'parcial',
      'sistemas distribuidos',
      'quiz',
    ])
    expect(keywordsOf('  ')).toEqual([])
  })

  it('knows what the server would refuse of them', () => {
    const most = Array.from({ length: 50 }, (_, index) => `palabra ${index}`)
    expect(keywordFault([...most.slice(1), 'ñ'.repeat(60)])).toBeNull()
    expect(keywordFault(['😀'.repeat(30) + 'a'])).toBeNull()
    expect(keywordFault([...most, 'una más'])).toBe('many')
    expect(keywordFault(['parcial', 'ñ'.repeat(61)])).toBe('long')
    expect(keywordFault(['parcial', '!!'])).toBe('blank')
    expect(keywordFault([])).toBeNull()
  })

  it('changes one thing and keeps the others; a refusal changes nothing', async () => {
    const wish = vi
      .fn()
      .mockImplementation((body: object) => Promise.resolve({ ok: true, value: { ...SETTINGS, ...body } }))
    const fine = { ok: true, value: { devices: [] } }
    const look = vi.fn().mockResolvedValue(fine)
    const telling = {
      settings: vi.fn().mockResolvedValue({ ok: true, value: SETTINGS }),
      health: look,
      devices: look,
      wish,
    } as unknown as Telling
    const learn = vi.fn()
    const state = new TellingState(
      telling,
      (outcome) => (outcome.ok ? { value: outcome.value } : null),
      learn,
    )
    await state.load()
    expect(await state.wish({ level: 'none' })).toBe(true)
    expect(wish).toHaveBeenCalledWith({ ...wishesOf(SETTINGS), level: 'none' })
    expect(state.settings?.level).toBe('none')
    wish.mockResolvedValueOnce({ ok: false, problem: {} })
    expect(await state.wish({ level: 'all' })).toBe(false)
    expect(state.settings?.level).toBe('none')
    expect(learn).toHaveBeenCalledTimes(2)
    await Promise.all([state.wish({ level: 'mentions' }), state.wish({ preview: false })])
    expect(wish).toHaveBeenLastCalledWith({ ...wishesOf(SETTINGS), level: 'mentions', preview: false })
  })
})
