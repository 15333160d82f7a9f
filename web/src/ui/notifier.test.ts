import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chatRow } from './chats/samples.ts'
import { Notifier } from './notifier.svelte.ts'
import { until } from '../waiting.fixtures'

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

  it('tells of nothing that was there before one wanted to hear of it', () => {
    const notifier = new Notifier(localStorage)
    const news = (unread: number, level: 'all' | 'mentions' | 'none') =>
      notifier.news([chatRow('a', { unread, chat: { level: 'default', kind: 'group' } })], level).length
    expect([news(2, 'none'), news(2, 'all'), news(3, 'all')]).toEqual([0, 0, 1])
    expect([news(3, 'mentions'), news(5, 'mentions'), news(5, 'all'), news(6, 'all')]).toEqual([0, 0, 0, 1])
  })

  it('takes away what is read', async () => {
    const close = vi.fn()
    const getNotifications = vi.fn().mockResolvedValue([{ close }])
    const getRegistration = vi.fn().mockResolvedValue({ getNotifications })
    vi.stubGlobal('navigator', { serviceWorker: { getRegistration } })
    const notifier = new Notifier(localStorage)
    notifier.news([chatRow('a', { unread: 2 }), chatRow('b', { unread: 0 })])
    notifier.news([chatRow('a', { unread: 0 }), chatRow('b', { unread: 0 })])
    await until(() => expect(close).toHaveBeenCalledOnce())
    expect(getNotifications).toHaveBeenCalledExactlyOnceWith({ tag: 'a' })
    vi.unstubAllGlobals()
  })

  it('hears of a chat without a level of its own what is wanted everywhere', () => {
    const rows = (n: number) => [
      chatRow('group', { unread: n, chat: { level: 'default', kind: 'group' } }),
      chatRow('direct', { unread: n, chat: { level: 'default', kind: 'direct' } }),
    ]
    const heard = (level: 'all' | 'mentions' | 'none') => {
      const notifier = new Notifier(localStorage)
      notifier.news(rows(0), level)
      return notifier.news(rows(1), level).map((row) => row.chat_id)
    }
    expect(heard('all')).toEqual(['group', 'direct'])
    expect(heard('mentions')).toEqual(['direct'])
    expect(heard('none')).toEqual([])
  })

  it('is on only where the person and the browser agree', async () => {
    const asked = vi.fn().mockResolvedValueOnce('denied').mockResolvedValue('granted')
    vi.stubGlobal('Notification', Object.assign(vi.fn(), { permission: 'default', requestPermission: asked }))
    const notifier = new Notifier(localStorage)
    notifier.start()
    await notifier.enable()
    expect(notifier.on).toBe(false)
    await notifier.enable()
    expect(notifier.on).toBe(true)
    notifier.hand()
    expect(notifier.on).toBe(false)
    const again = new Notifier(localStorage)
    again.start()
    expect(again.on).toBe(false)
    await notifier.enable()
    notifier.disable()
    expect(notifier.on).toBe(false)
    vi.unstubAllGlobals()
  })
})
