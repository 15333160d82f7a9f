import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LOOK_MS, renew } from './renewing.ts'

const reload = vi.fn()
const activate = vi.fn()
let container: EventTarget & { controller: object | null }
let registration: { waiting: { postMessage: typeof activate } | null; update: () => Promise<void> }
let busy = false

beforeEach(() => {
  vi.useFakeTimers()
  reload.mockClear()
  activate.mockClear()
  busy = false
  container = Object.assign(new EventTarget(), { controller: {} })
  registration = { waiting: { postMessage: activate }, update: () => Promise.resolve() }
  vi.stubGlobal('navigator', { serviceWorker: container })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function begin(): void {
  renew(registration as unknown as ServiceWorkerRegistration, () => busy, reload)
}

/** Long enough for nobody to be there. */
const wait = () => vi.advanceTimersByTime(7 * LOOK_MS)

describe('a new version', () => {
  it('is taken when nobody is there, and the page begins anew with it', () => {
    begin()
    vi.advanceTimersByTime(LOOK_MS)
    expect(activate).not.toHaveBeenCalled()
    wait()
    expect(activate).toHaveBeenCalledOnce()
    container.dispatchEvent(new Event('controllerchange'))
    expect(reload).toHaveBeenCalledOnce()
  })

  it('waits for what would be lost', () => {
    busy = true
    begin()
    wait()
    expect(activate).not.toHaveBeenCalled()
    busy = false
    wait()
    expect(activate).toHaveBeenCalledOnce()
  })

  it('that another tab took is taken here when nobody is in the middle of something', () => {
    registration.waiting = null
    begin()
    container.dispatchEvent(new Event('controllerchange'))
    expect(reload).not.toHaveBeenCalled()
    busy = true
    wait()
    expect(reload).not.toHaveBeenCalled()
    busy = false
    wait()
    expect(reload).toHaveBeenCalled()
  })

  it('that is the first one changes nothing', () => {
    container.controller = null
    begin()
    container.dispatchEvent(new Event('controllerchange'))
    wait()
    expect(reload).not.toHaveBeenCalled()
  })
})
