import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserEnvironment } from './surroundings'

/** The tab is closed, and another one of the same session of the browser opens. */
const closeTab = () => sessionStorage.clear()
/** The browser is ended: cookies without an end go. */
const endSession = () => {
  closeTab()
  document.cookie = 'shared=; path=/; max-age=0'
}

function reads(): { count: () => number } {
  const spy = vi.spyOn(document, 'cookie', 'get')
  return { count: () => spy.mock.calls.length }
}

describe('a shared computer', () => {
  beforeEach(() => {
    endSession()
    localStorage.clear()
  })
  afterEach(endSession)

  it('is not asked for its cookies where nobody ever said that it is shared', () => {
    const cookie = reads()
    const { shared, sharedHere, storage } = browserEnvironment()
    expect([shared(), sharedHere?.(), storage?.()]).toEqual([false, false, localStorage])
    expect(cookie.count()).toBe(0)
  })

  it('is shared in every tab until the session of the browser ends', () => {
    browserEnvironment().share(true)
    expect(browserEnvironment().sharedHere?.()).toBe(true)
    closeTab()
    const other = browserEnvironment()
    expect([other.shared(), other.sharedHere?.(), other.storage?.()]).toEqual([true, false, sessionStorage])
    expect(localStorage.getItem('shared')).toBe('1')
  })

  it('keeps no trace of it when that is taken back', () => {
    browserEnvironment().share(true)
    browserEnvironment().share(false)
    expect(browserEnvironment().shared()).toBe(false)
    expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, ''])
  })

  it('forgets, once it is asked, that it was in a session that has ended', () => {
    browserEnvironment().share(true)
    endSession()
    const cookie = reads()
    const { shared } = browserEnvironment()
    expect([shared(), shared()]).toEqual([false, false])
    expect(cookie.count()).toBe(1)
    expect(localStorage.length).toBe(0)
  })

  it('is shared in its own tab where the storage for all of them is full', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    browserEnvironment().share(true)
    expect(browserEnvironment().shared()).toBe(true)
    expect(localStorage.length).toBe(0)
  })
})
