import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection, type ConnectionStatus } from './connection'
import type { ServerFrame } from './wire'

const WELCOME = {
  type: 'welcome',
  session_id: 's',
  user_id: 'u',
  protocol: 'uptc.v1.json',
  server_time: '2026-01-01T00:00:00.000Z',
  heartbeat_ms: 25_000,
  limits: {
    frame: 65_536,
    window_events: 1_000,
    window_bytes: 524_288,
    rates: { send: 60, typing: 60, other: 600 },
  },
  log_epoch: 'e',
  useq: 0,
  heads: [],
  resumed: false,
  sync_token: 't',
} satisfies ServerFrame

/** The server's end of a socket, as a script sees it. */
class Script {
  readonly sent: Record<string, unknown>[] = []
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>)
  }

  close(): void {
    this.closed = true
  }

  say(...frames: object[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) })
  }

  types(): unknown[] {
    return this.sent.map(({ type }) => type)
  }
}

class Stage {
  readonly sockets: Script[] = []
  readonly frames: ServerFrame[] = []
  readonly statuses: ConnectionStatus[] = []
  online = true
  random = 0.5
  readonly connection: Connection

  constructor() {
    this.connection = new Connection(
      {
        open: () => {
          const socket = new Script()
          this.sockets.push(socket)
          return socket
        },
        online: () => this.online,
        random: () => this.random,
        now: () => Date.now(),
      },
      {
        hello: () => ({ resume: { useq: 7, open: [] } }),
        frame: (frame) => this.frames.push(frame),
        status: (status) => this.statuses.push(status),
      },
    )
  }

  get socket(): Script {
    const socket = this.sockets.at(-1)
    if (socket === undefined) throw new Error('nothing was opened')
    return socket
  }

  live(): this {
    this.connection.start()
    return this.welcomed()
  }

  welcomed(): this {
    this.socket.onopen?.()
    this.socket.say(WELCOME)
    return this
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('getting in', () => {
  it('says hello first, and is live at the welcome', () => {
    const stage = new Stage()
    stage.connection.start()
    expect(stage.socket.sent).toEqual([])
    stage.socket.onopen?.()
    expect(stage.socket.sent).toEqual([{ type: 'hello', id: 0, resume: { useq: 7, open: [] } }])
    expect(stage.connection.live).toBe(false)
    stage.socket.say(WELCOME)
    expect(stage.connection.status).toMatchObject({ state: 'live', reason: null })
    expect(stage.frames).toEqual([WELCOME])
  })

  it('gives up waiting for a welcome', async () => {
    const stage = new Stage()
    stage.connection.start()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(stage.sockets[0]?.closed).toBe(true)
    expect(stage.connection.status).toMatchObject({ state: 'connecting', reason: 'network' })
  })

  it('waits as long as a refused hello says', async () => {
    const stage = new Stage()
    stage.connection.start()
    stage.socket.onopen?.()
    stage.socket.say({
      type: 'error',
      ref: 0,
      code: 'overloaded',
      message: '',
      retryable: true,
      retry_after_ms: 9_000,
    })
    stage.socket.onclose?.({ code: 4013 })
    await vi.advanceTimersByTimeAsync(8_999)
    expect(stage.sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(stage.sockets).toHaveLength(2)
  })
})

describe('coming back', () => {
  it.each([1006, 4000, 4008, 4013, 4029])('after %i', async (code) => {
    const stage = new Stage().live()
    stage.socket.onclose?.({ code })
    expect(stage.connection.status).toMatchObject({ state: 'connecting', next_attempt_at: Date.now() + 250 })
    await vi.advanceTimersByTimeAsync(250)
    expect(stage.welcomed().connection.live).toBe(true)
  })

  it.each([
    [4503, 'unauthenticated'],
    [4504, 'revoked'],
    [4505, 'disabled'],
    [4506, 'too_many_sessions'],
    [4501, 'unsupported'],
  ])('never after %i', async (code, reason) => {
    const stage = new Stage().live()
    stage.socket.onclose?.({ code })
    await vi.advanceTimersByTimeAsync(600_000)
    expect(stage.sockets).toHaveLength(1)
    expect(stage.connection.status).toMatchObject({ state: 'stopped', reason })
  })

  it('waits longer each time, and anew after a minute of peace', async () => {
    const stage = new Stage()
    stage.random = 0.999_999
    stage.connection.start()
    const waits: number[] = []
    for (let attempt = 0; attempt < 9; attempt += 1) {
      stage.socket.onclose?.({ code: 1006 })
      const wait = (stage.connection.status.next_attempt_at ?? 0) - Date.now()
      waits.push(wait)
      await vi.advanceTimersByTimeAsync(wait)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000])
    stage.welcomed()
    for (let beat = 0; beat < 4; beat += 1) {
      await vi.advanceTimersByTimeAsync(20_000)
      stage.socket.say({ type: 'ping', ts: 1 })
    }
    stage.socket.onclose?.({ code: 1006 })
    expect(stage.connection.status.next_attempt_at).toBe(Date.now() + 500)
  })

  it('at once when the network returns or the person asks', () => {
    const stage = new Stage()
    stage.connection.start()
    stage.socket.onclose?.({ code: 1006 })
    stage.connection.wake()
    expect(stage.sockets).toHaveLength(2)
    stage.socket.onclose?.({ code: 1006 })
    stage.connection.retryNow()
    expect(stage.sockets).toHaveLength(3)
    stage.connection.retryNow()
    expect(stage.sockets).toHaveLength(3)
  })

  it('when the server asks it to go, at the moment that it names', async () => {
    const stage = new Stage().live()
    stage.socket.say({ type: 'goaway', reason: 'drain', after_ms: 2_000, resume: true })
    await vi.advanceTimersByTimeAsync(1_999)
    expect(stage.connection.live).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(stage.connection.status.reason).toBe('restarting')
  })

  it('says offline when the browser knows', () => {
    const stage = new Stage().live()
    stage.online = false
    stage.socket.onclose?.({ code: 1006 })
    expect(stage.connection.status.state).toBe('offline')
  })
})

describe('heartbeat', () => {
  it('is answered with its own time', () => {
    const stage = new Stage().live()
    stage.socket.say({ type: 'ping', ts: 42 })
    expect(stage.socket.sent.at(-1)).toEqual({ type: 'pong', ts: 42 })
  })

  it('ends a connection that two of them passed in silence', async () => {
    const stage = new Stage().live()
    await vi.advanceTimersByTimeAsync(40_000)
    stage.socket.say({ type: 'ping', ts: 1 })
    await vi.advanceTimersByTimeAsync(49_999)
    expect(stage.connection.live).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(stage.connection.status.reason).toBe('heartbeat')
  })

  it('is asked for when the network is said to be gone: a server on this machine is not', async () => {
    const stage = new Stage().live()
    stage.connection.sleep()
    expect(stage.socket.sent.at(-1)).toMatchObject({ type: 'ping' })
    await vi.advanceTimersByTimeAsync(1)
    stage.socket.say({ type: 'pong', ts: 1 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(stage.connection.live).toBe(true)
    const went = Date.now()
    stage.connection.sleep()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(stage.connection.live).toBe(false)
    // It has been away since it was asked, whatever is tried meanwhile.
    expect(stage.connection.status.since).toBe(went)
    await vi.advanceTimersByTimeAsync(40_000)
    expect(stage.connection.status.since).toBe(went)
  })
})

describe('acknowledging', () => {
  const head = { type: 'chat.head', heads: [] }

  it('counts the four types that carry state, from 1 after the welcome', async () => {
    const stage = new Stage().live()
    stage.socket.say(head, { type: 'typing', chat_id: 'c', user_id: 'x', on: true }, { type: 'ping', ts: 1 })
    stage.socket.say({ type: 'digest', chats: [], more: false }, { type: 'checkpoint', sync_token: 't' })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(stage.socket.sent.at(-1)).toEqual({ type: 'ack', es: 2 })
  })

  it('goes out every 32 of them', () => {
    const stage = new Stage().live()
    stage.socket.onmessage?.({ data: JSON.stringify(Array.from({ length: 65 }, () => head)) })
    expect(stage.socket.sent.filter(({ type }) => type === 'ack')).toEqual([
      { type: 'ack', es: 32 },
      { type: 'ack', es: 64 },
    ])
  })
})

describe('asking', () => {
  const send = { type: 'message.send', chat_id: 'c', message_id: 'm', body: { text: 'x' } } as const

  it('matches answers by their ref, in any order', async () => {
    const stage = new Stage().live()
    const first = stage.connection.request<'message.send'>(send)
    const second = stage.connection.request<'message.send'>(send)
    stage.socket.say({ type: 'error', ref: 2, code: 'forbidden', message: 'no', retryable: false })
    stage.socket.say({ type: 'result', ref: 1, data: { seq: 1, n: 1, created_at: '', duplicate: false } })
    expect(await first).toMatchObject({ ok: true, value: { seq: 1 } })
    expect(await second).toMatchObject({ ok: false, problem: { code: 'forbidden', retryable: false } })
    expect(stage.frames).toEqual([WELCOME])
  })

  it('answers offline when there is no connection, and when it breaks', async () => {
    const stage = new Stage()
    expect(await stage.connection.request<'message.send'>(send)).toMatchObject({
      problem: { code: 'offline' },
    })
    stage.live()
    const asked = stage.connection.request<'message.send'>(send)
    stage.socket.onclose?.({ code: 1006 })
    expect(await asked).toMatchObject({ problem: { code: 'offline', retryable: true } })
  })

  it('answers timeout when nobody does', async () => {
    const stage = new Stage().live()
    const asked = stage.connection.request<'message.send'>(send)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await asked).toMatchObject({ problem: { code: 'timeout', retryable: true } })
  })

  it('refuses what is too much at once', async () => {
    const stage = new Stage().live()
    for (let count = 0; count < 256; count += 1) void stage.connection.request<'message.send'>(send)
    expect(await stage.connection.request<'message.send'>(send)).toMatchObject({
      problem: { code: 'overloaded' },
    })
  })
})

describe('frames', () => {
  it('ignores what is not readable', () => {
    const stage = new Stage().live()
    for (const data of ['', '{', '1', 'null', '[1,null]', '{"kind":"x"}', new ArrayBuffer(1)])
      stage.socket.onmessage?.({ data })
    expect(stage.frames).toEqual([WELCOME])
    expect(stage.connection.live).toBe(true)
  })

  it('hears nothing of a socket that it left', () => {
    const stage = new Stage().live()
    const old = stage.socket
    stage.connection.stop()
    expect(old.closed).toBe(true)
    expect(old.onmessage).toBeNull()
    expect(stage.connection.status.state).toBe('offline')
  })
})
