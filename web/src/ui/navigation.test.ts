import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Navigation } from './navigation.svelte.ts'

let navigation: Navigation
let stop: () => void

/** One press of the Back of the browser. */
function back(): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('popstate', () => resolve(), { once: true })
    history.back()
  })
}

const chat = `/c/${'0'.repeat(36)}`

describe('Navigation', () => {
  beforeEach(() => {
    history.pushState(null, '', '/')
    navigation = new Navigation()
    stop = navigation.start()
  })
  afterEach(() => stop())

  it('takes away what lies over the page before it leaves the page', async () => {
    navigation.go(chat)
    navigation.open({ name: 'settings' })
    const lower = vi.fn()
    navigation.cover(lower)
    const uncover = navigation.cover(() => uncover())
    await back()
    expect(lower).not.toHaveBeenCalled()
    await back()
    expect(lower).toHaveBeenCalledOnce()
    expect([navigation.dialog?.name, location.pathname]).toEqual(['settings', chat])
  })

  it('closes a window that was opened over a mode of the page before it ends the mode', async () => {
    navigation.go(chat)
    const end = vi.fn()
    navigation.cover(end)
    navigation.open({ name: 'settings' })
    await back()
    expect([navigation.dialog, end.mock.calls.length]).toEqual([null, 0])
    await back()
    expect([navigation.route.name, end.mock.calls.length]).toEqual(['chat', 1])
  })

  it('leaves a page in a mode where the page itself leads back', async () => {
    navigation.go(chat)
    const end = vi.fn()
    navigation.cover(end)
    const left = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }))
    navigation.back('/login')
    await left
    expect([navigation.route.name, end.mock.calls.length]).toEqual(['home', 0])
  })

  it('goes back as ever once nothing lies over the page', async () => {
    navigation.go(chat)
    const close = vi.fn()
    navigation.cover(close)()
    await back()
    expect(close).not.toHaveBeenCalled()
    expect(navigation.route).toEqual({ name: 'home' })
  })

  describe('in a browser that takes its time to go back', () => {
    let done: Promise<void>
    let steps: number

    beforeEach(() => {
      const real = history.back.bind(history)
      steps = 0
      done = new Promise((resolve) => {
        vi.spyOn(history, 'back').mockImplementation(() => {
          steps += 1
          setTimeout(() => {
            real()
            resolve()
          }, 20)
        })
      })
      return () => vi.restoreAllMocks()
    })

    it('takes two presses that close one window for one', async () => {
      navigation.go(chat)
      navigation.open({ name: 'settings' })
      navigation.closeDialog()
      navigation.closeDialog()
      navigation.back('/')
      await done
      expect(steps).toBe(1)
      expect([navigation.route.name, navigation.dialog]).toEqual(['chat', null])
    })

    it('opens what is asked for meanwhile once the window is closed', async () => {
      navigation.open({ name: 'members', chatId: 'c' })
      navigation.closeDialog()
      navigation.open({ name: 'settings' })
      await done
      expect(navigation.dialog?.name).toBe('settings')
      await back()
      expect(navigation.dialog).toBeNull()
    })
  })

  it('stays in the application where its first page is covered', async () => {
    const close = vi.fn()
    navigation.cover(close)
    await back()
    expect(close).toHaveBeenCalledOnce()
    expect(navigation.route).toEqual({ name: 'home' })
    navigation.back('/login')
    expect(navigation.route).toEqual({ name: 'signIn' })
  })

  describe('whose steps are told after the paint', () => {
    let paint: () => void

    beforeEach(() => {
      stop()
      navigation = new Navigation((work) => (paint = work))
      stop = navigation.start()
    })

    it('shows a chat before the browser hears of it', () => {
      const before = history.length
      navigation.go(chat)
      expect([navigation.route.name, location.pathname]).toEqual(['chat', '/'])
      paint()
      paint()
      expect([location.pathname, history.length]).toEqual([chat, before + 1])
    })

    it('loses no step to what comes before the paint', async () => {
      navigation.go(chat)
      navigation.open({ name: 'settings' })
      expect(location.pathname).toBe(chat)
      await back()
      expect([navigation.route.name, navigation.dialog]).toEqual(['chat', null])
      await back()
      expect(navigation.route).toEqual({ name: 'home' })
    })

    it('goes back from a step that was not told yet', async () => {
      navigation.go(chat)
      const left = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }))
      navigation.back('/login')
      await left
      expect(navigation.route).toEqual({ name: 'home' })
      paint()
      expect(location.pathname).toBe('/')
    })

    it('tells the step of a page that is left', () => {
      navigation.go(chat)
      window.dispatchEvent(new Event('pagehide'))
      expect(location.pathname).toBe(chat)
    })
  })
})
