import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Telling } from '../protocol/telling.ts'
import { disable, enable, keepUp } from './push.ts'

const GIVEN = { endpoint: 'https://push.example.com/a', keys: { p256dh: 'p', auth: 'a' } }

function browser(subscribe = vi.fn().mockResolvedValue({ toJSON: () => GIVEN })) {
  const unsubscribe = vi.fn()
  const getSubscription = vi.fn().mockResolvedValue({ unsubscribe })
  const registration = { pushManager: { subscribe, getSubscription } }
  vi.stubGlobal('PushManager', vi.fn())
  vi.stubGlobal('Notification', Object.assign(vi.fn(), { permission: 'granted' }))
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: vi.fn().mockResolvedValue(registration) } })
  return { subscribe, unsubscribe }
}

function server(push: 'on' | 'off' = 'on') {
  const said = {
    key: vi.fn().mockResolvedValue({ ok: true, value: { push, key: 'k', device: null } }),
    subscribe: vi.fn().mockResolvedValue({ ok: true, value: {} }),
    unsubscribe: vi.fn().mockResolvedValue({ ok: true }),
  }
  return { said, telling: said as unknown as Telling }
}

describe('push messages of this browser', () => {
  beforeEach(() => {
    localStorage.clear()
  })

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('are on once the server knows where they go', async () => {
    const { subscribe } = browser()
    const { said, telling } = server()
    expect(await enable(telling, 'ana', localStorage)).toBe('on')
    expect(subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: 'k' })
    expect(said.subscribe).toHaveBeenCalledWith({ endpoint: GIVEN.endpoint, p256dh: 'p', auth: 'a' })
  })

  it('say why they are not', async () => {
    const denied = new DOMException('no', 'NotAllowedError')
    browser(vi.fn().mockRejectedValue(denied))
    expect(await enable(server().telling, 'ana', localStorage)).toBe('denied')
    expect(await enable(server('off').telling, 'ana', localStorage)).toBe('off')
    vi.stubGlobal('navigator', {})
    expect(await enable(server().telling, 'ana', localStorage)).toBe('unsupported')
  })

  it('begin anew with another key', async () => {
    const subscribe = vi.fn().mockRejectedValueOnce(new DOMException('key', 'InvalidStateError'))
    subscribe.mockResolvedValueOnce({ toJSON: () => GIVEN })
    const { unsubscribe } = browser(subscribe)
    expect(await enable(server().telling, 'ana', localStorage)).toBe('on')
    expect(unsubscribe).toHaveBeenCalledOnce()
  })

  it('stay with who turned them on, and end with anybody else', async () => {
    const { unsubscribe } = browser()
    const { said, telling } = server()
    await keepUp(telling, 'ana', localStorage)
    expect(said.key).not.toHaveBeenCalled()
    await enable(telling, 'ana', localStorage)
    await keepUp(telling, 'ana', localStorage)
    expect(said.subscribe).toHaveBeenCalledTimes(2)
    await keepUp(telling, 'luis', localStorage)
    expect(unsubscribe).toHaveBeenCalledOnce()
    await keepUp(telling, 'ana', localStorage)
    expect(said.subscribe).toHaveBeenCalledTimes(2)
  })

  it('go when they are turned off', async () => {
    const { unsubscribe } = browser()
    const { said, telling } = server()
    await disable(telling, localStorage)
    expect(said.unsubscribe).toHaveBeenCalledOnce()
    expect(unsubscribe).toHaveBeenCalledOnce()
  })
})
