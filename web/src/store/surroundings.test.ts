import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserEnvironment } from './surroundings'

/** A browser's storage, which may be full. */
class Shelf {
  readonly items = new Map<string, string>()
  full = false

  getItem(key: string): string | null {
    return this.items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError')
    this.items.set(key, value)
  }

  removeItem(key: string): void {
    this.items.delete(key)
  }
}

/** The one cookie of the page, and how often it was read. */
class Jar {
  #cookie = 'other=1'
  reads = 0

  get cookie(): string {
    this.reads += 1
    return this.#cookie
  }

  set cookie(line: string) {
    const [pair = ''] = line.split('; ')
    this.#cookie = line.includes('max-age=0') ? 'other=1' : `other=1; ${pair}`
  }
}

describe('a shared computer', () => {
  let local: Shelf
  let session: Shelf
  let jar: Jar

  beforeEach(() => {
    local = new Shelf()
    vi.stubGlobal('localStorage', local)
    endSession()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  /** Another tab of the same session of the browser. */
  function openTab() {
    session = new Shelf()
    vi.stubGlobal('sessionStorage', session)
    return browserEnvironment()
  }

  /** Cookies without an end go. */
  function endSession() {
    jar = new Jar()
    vi.stubGlobal('document', jar)
    openTab()
  }

  it('is not asked for its cookies where nobody ever said that it is shared', () => {
    const { shared, sharedHere, storage } = browserEnvironment()
    expect([shared(), sharedHere?.(), storage?.()]).toEqual([false, false, local])
    expect(jar.reads).toBe(0)
  })

  it('is shared in every tab until the session of the browser ends', () => {
    browserEnvironment().share(true)
    expect(browserEnvironment().sharedHere?.()).toBe(true)
    const other = openTab()
    expect([other.shared(), other.sharedHere?.(), other.storage?.()]).toEqual([true, false, session])
  })

  it('keeps no trace of it when that is taken back', () => {
    browserEnvironment().share(true)
    browserEnvironment().share(false)
    expect(browserEnvironment().shared()).toBe(false)
    expect([local.items.size, session.items.size, jar.cookie]).toEqual([0, 0, 'other=1'])
  })

  it('forgets, once it is asked, that it was in a session that has ended', () => {
    browserEnvironment().share(true)
    endSession()
    const { shared } = browserEnvironment()
    expect([shared(), shared()]).toEqual([false, false])
    expect([jar.reads, local.items.size]).toEqual([1, 0])
  })

  it('is shared in its own tab where the storage for all of them is full', () => {
    local.full = true
    browserEnvironment().share(true)
    expect(browserEnvironment().shared()).toBe(true)
  })
})
