import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import { Chats, type ChatsPort } from './chats.svelte'
import { Refresher } from './refresh'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

describe('Refresher', () => {
  it('fetches the others too where one of them cannot be shown', async () => {
    const fetched: string[] = []
    const refresher = new Refresher((chatId) => {
      fetched.push(chatId)
      return chatId === 'bad' ? Promise.reject(new Error('no such shape')) : Promise.resolve()
    }, Date.now)
    refresher.now('bad')
    refresher.now('good')
    await vi.advanceTimersByTimeAsync(0)
    refresher.now('later')
    await vi.advanceTimersByTimeAsync(0)
    expect(fetched).toEqual(['bad', 'good', 'later'])
  })

  it('grants the last wish, and not more than one in 15 seconds', async () => {
    const fetched: number[] = []
    const begun = Date.now()
    const refresher = new Refresher(() => Promise.resolve(void fetched.push(Date.now() - begun)), Date.now)
    for (let wishes = 0; wishes < 3; wishes += 1) {
      refresher.calmly('chat')
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fetched).toEqual([0, 15_000])
  })
})

describe('a chat of which one has heard and knows nothing', () => {
  it.each([
    ['is asked for again where the server stumbled', 'unavailable', 15_000, 2],
    ['is not where there is no connection: the next one brings it up', 'offline', 60_000, 1],
  ] as const)('%s', async (_, code, wait, times) => {
    const chat = vi.fn(() => Promise.resolve({ ok: false, problem: problem(code) }))
    const port = { api: { chat }, now: Date.now } as unknown as ChatsPort
    new Chats(port).head({ chat_id: 'chat', seq: 1, n: 1 })
    await vi.advanceTimersByTimeAsync(0)
    expect(chat).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(wait)
    expect(chat).toHaveBeenCalledTimes(times)
  })
})
