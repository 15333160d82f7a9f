import { describe, expect, it, vi } from 'vitest'
import type { ConnectionStatus, Socket } from '../protocol/connection'
import { Line } from './line'
import { until } from '../waiting.fixtures'

function line(fetch: ConstructorParameters<typeof Line>[2] = () => import('./live'), online = true) {
  const said: ConnectionStatus[] = []
  const sockets: Socket[] = []
  const open = () => {
    const socket: Socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      send: () => undefined,
      close: () => undefined,
    }
    sockets.push(socket)
    return socket
  }
  const made = new Line(
    { open, online: () => online, random: () => 0, now: () => 7 },
    {
      hello: () => ({ view: { chats: [], open: [] } }) as never,
      frame: () => undefined,
      ready: () => undefined,
      status: (s) => said.push(s),
    },
    fetch,
  )
  return { made, said, sockets }
}

describe('a line whose code is on its way', () => {
  it('says since when it tries, and opens a socket once the code is there', async () => {
    const { made, said, sockets } = line()
    made.start()
    expect([said.at(-1)?.state, said.at(-1)?.since, sockets.length]).toEqual(['connecting', 7, 0])
    await until(() => expect(sockets).toHaveLength(1))
  })

  it('is a connection that is not live', async () => {
    const { made } = line(() => new Promise(() => undefined))
    made.start()
    made.wake()
    made.sleep()
    made.post({ type: 'typing', chat_id: 'c', on: true })
    const outcome = await made.request<'sync'>({ type: 'sync', chats: [], limit: 1 })
    expect([made.live, outcome.ok ? null : outcome.problem.code]).toEqual([false, 'offline'])
  })

  it('opens nothing for whoever has gone meanwhile', async () => {
    const { made, said, sockets } = line()
    made.start()
    made.stop()
    await vi.dynamicImportSettled()
    expect([said.at(-1)?.state, sockets.length]).toEqual(['offline', 0])
  })

  it('asks again for code that could not be had: after a while, and when somebody looks', async () => {
    vi.useFakeTimers()
    const fetch = vi.fn(() => Promise.reject(new TypeError('no network')))
    const { made, said } = line(fetch)
    made.start()
    await vi.advanceTimersByTimeAsync(1)
    expect([fetch.mock.calls.length, said.at(-1)?.state]).toEqual([1, 'offline'])
    made.wake()
    await vi.advanceTimersByTimeAsync(1)
    expect(fetch).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(fetch).toHaveBeenCalledTimes(3)
    made.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(fetch).toHaveBeenCalledTimes(3)
    vi.useRealTimers()
  })
})
