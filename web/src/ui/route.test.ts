import { describe, expect, it } from 'vitest'
import { chatPath, parseRoute } from './route.ts'

const CHAT = '01a20818-a5dc-7f4d-a184-9f752299a335'

describe('parseRoute', () => {
  it('reads a chat, and a message of it', () => {
    expect(parseRoute(`/c/${CHAT}`)).toEqual({ name: 'chat', chatId: CHAT, seq: null })
    expect(parseRoute(`/c/${CHAT}/m/120`)).toEqual({ name: 'chat', chatId: CHAT, seq: 120 })
  })

  it('takes secrets from the fragment', () => {
    expect(parseRoute('/join', '#abc')).toEqual({ name: 'join', secret: 'abc' })
    expect(parseRoute('/owner', '#x-1')).toEqual({ name: 'owner', code: 'x-1' })
    expect(parseRoute('/reset', '')).toEqual({ name: 'reset', code: '' })
  })

  it.each(['/', '/nothing', `/c/${CHAT}/m/0`, `/c/${CHAT}/m/-3`, '/c/short', `/c/${CHAT}/x`])(
    'takes %s for home',
    (path) => {
      expect(parseRoute(path)).toEqual({ name: 'home' })
    },
  )

  it('goes there and back', () => {
    expect(parseRoute(chatPath(CHAT, 7))).toEqual({ name: 'chat', chatId: CHAT, seq: 7 })
    expect(parseRoute(chatPath(CHAT))).toEqual({ name: 'chat', chatId: CHAT, seq: null })
  })
})
