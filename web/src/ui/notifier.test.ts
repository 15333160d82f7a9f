import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chatRow } from './chats/samples.ts'
import { Notifier } from './notifier.svelte.ts'

describe('Notifier', () => {
  beforeEach(() => {
    localStorage.clear()
  })

  it('tells of what came since it last looked, and of nothing twice', () => {
    const notifier = new Notifier(localStorage)
    const news = (unread: number) => notifier.news([chatRow('a', { unread })]).length
    expect([news(3), news(4), news(4), news(0), news(1)]).toEqual([0, 1, 0, 0, 1])
  })

  it('keeps to what their person wants of a chat', () => {
    const notifier = new Notifier(localStorage)
    const rows = (n: number) => [
      chatRow('muted', { unread: n, muted: true }),
      chatRow('archived', { unread: n, chat: { archived: true } }),
      chatRow('mentions', { unread: n, mentions: n > 1 ? 1 : 0, chat: { level: 'mentions' } }),
    ]
    expect(notifier.news(rows(0))).toEqual([])
    expect(notifier.news(rows(1))).toEqual([])
    expect(notifier.news(rows(2)).map((row) => row.chat_id)).toEqual(['mentions'])
  })

  it('is on only where the person and the browser agree', async () => {
    const asked = vi.fn().mockResolvedValueOnce('denied').mockResolvedValueOnce('granted')
    vi.stubGlobal('Notification', Object.assign(vi.fn(), { permission: 'default', requestPermission: asked }))
    const notifier = new Notifier(localStorage)
    notifier.start()
    await notifier.enable()
    expect(notifier.on).toBe(false)
    await notifier.enable()
    expect(notifier.on).toBe(true)
    notifier.disable()
    expect(notifier.on).toBe(false)
    vi.unstubAllGlobals()
  })
})
