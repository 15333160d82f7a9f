import { describe, expect, it } from 'vitest'
import type { Chat } from '../protocol/wire'
import { chatOf, idOf } from './fixtures'
import { mergeChat } from './merge'
import { changed, preferencesOf, withPreferences } from './preferences'

const chat = (changed: Partial<Chat>) => chatOf(idOf(1), changed)
const LATER = '2026-12-01T00:00:00Z'

describe('preferences', () => {
  it('are sent whole, with one thing changed', () => {
    const plain = chat({ level: 'mentions', pinned: true })
    expect(changed(plain, { archived: true })).toEqual({ level: 'mentions', pinned: true, archived: true })
    expect(changed(plain, { muted_until: LATER })).toMatchObject({ muted_until: LATER, pinned: true })
  })

  it('keep a mute that is not spoken of, and end it with null', () => {
    const muted = withPreferences(chat({}), {
      level: 'all',
      pinned: false,
      archived: false,
      muted_until: LATER,
    })
    expect(changed(muted, { pinned: true })).toMatchObject({ muted_until: LATER })
    expect(changed(muted, { muted_until: null })).not.toHaveProperty('muted_until')
    expect(withPreferences(muted, changed(muted, { muted_until: null }))).not.toHaveProperty('muted_until')
  })

  it('that changed while the chat was fetched stay', () => {
    const mine = chat({ pinned: true })
    const merged = mergeChat(mine, chat({ pinned: false }), { mine: true })
    expect(preferencesOf(merged)).toEqual(preferencesOf(mine))
  })
})
