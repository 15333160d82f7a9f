import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import { idOf } from './fixtures'
import { Outbox } from './outbox'
import { accepted, CHAT, Line, pending, refused, settled } from './outbox.fixtures'
import { Sender } from './sender'

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

describe('what was done before anything talks to the server', () => {
  it('is sent as soon as something does, a deletion when its time to be taken back is over', async () => {
    const line = new Line(new Map(), false)
    const [said, gone] = [line.say(1), line.erase(2)]
    await vi.advanceTimersByTimeAsync(3_000)
    line.outbox.connected()
    line.outbox.hurry()
    await settled()
    expect(line.performed).toEqual([])
    const late = line.erase(3)
    await settled()
    line.outbox.follow(Sender)
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual([said, gone])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(line.performed).toEqual([said, gone, late])
  })
})

describe('refusals', () => {
  it.each(['rate_limited', 'overloaded', 'unavailable', 'timeout'] as const)(
    '%s: the same id again, when the server says, and the next waits',
    async (code) => {
      const line = new Line()
      line.outbox.connected()
      line.answers = () => refused(code, '', 7_000)
      const first = line.say(1)
      const second = line.say(2)
      await vi.advanceTimersByTimeAsync(6_999)
      expect(line.performed).toEqual([first])
      line.answers = () => accepted()
      await vi.advanceTimersByTimeAsync(1)
      expect(line.performed).toEqual([first, first, second])
    },
  )

  it('that goes on says why, to every tab and to what is written meanwhile, until it has passed', async () => {
    const line = new Line()
    line.outbox.connected()
    const full = { ...problem('unavailable', 'The disk is full.', 1_000), details: { reason: 'disk_full' } }
    line.answers = () => Promise.resolve({ ok: false, problem: full })
    const codes = () => line.outbox.of(CHAT).map(({ state, code }) => `${state} ${code}`)
    line.say(1)
    await settled()
    expect(codes()).toEqual(['queued null'])
    await vi.advanceTimersByTimeAsync(1_000)
    line.say(2)
    await settled()
    expect(codes()).toEqual(['queued disk_full', 'queued disk_full'])
    expect(line.told).toContainEqual({ type: 'entry', entry: line.outbox.get(idOf(1)) })
    line.answers = ({ id }) => (id === idOf(1) ? accepted(7) : new Promise(() => undefined))
    await vi.advanceTimersByTimeAsync(8_000)
    expect(codes()).toEqual(['confirmed null', 'queued null'])
  })

  it('is no reason any more once something has arrived, for what waits behind it neither', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = () => refused('timeout', '', 1_000)
    const codes = () => line.outbox.of(CHAT).map(({ state, code }) => `${state} ${code}`)
    const first = line.say(1)
    line.say(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(codes()).toEqual(['queued timeout', 'queued timeout'])
    const move = vi.fn<() => void>()
    const answer = vi.fn<() => void>()
    line.answers = ({ id }, moved) => {
      if (id !== first) return new Promise(() => undefined)
      move.mockImplementation(moved)
      return new Promise((resolve) =>
        answer.mockImplementation(() => resolve({ ok: true, value: { seq: 7 } })),
      )
    }
    await vi.advanceTimersByTimeAsync(8_000)
    move()
    expect(codes()).toEqual(['queued null', 'queued null'])
    expect(line.told).toContainEqual({ type: 'entry', entry: line.outbox.get(first) })
    // It is still the same one, whose answer counts.
    answer()
    await settled()
    expect(codes()).toEqual(['confirmed null', 'queued null'])
  })

  it('is not known to the next page, which has not tried yet', () => {
    const line = new Line()
    line.outbox.restore([
      { ...pending(idOf(1), CHAT, 1), kind: 'send', text: 'a', reply_to: null, code: 'timeout' },
      {
        ...pending(idOf(2), CHAT, 2),
        kind: 'send',
        text: 'b',
        reply_to: null,
        state: 'failed',
        code: 'forbidden',
      },
    ])
    expect(line.outbox.of(CHAT).map(({ code }) => code)).toEqual([null, 'forbidden'])
  })

  it('a lasting one fails visibly, stays stored, and lets the next go', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = ({ id }) => (id === idOf(1) ? refused('forbidden') : accepted())
    const first = line.say(1)
    line.say(2)
    await settled()
    expect(line.states()).toEqual(['1 failed'])
    expect(line.outbox.get(first)?.code).toBe('forbidden')
    expect(line.stored.get(first)?.state).toBe('failed')
    line.answers = () => accepted()
    line.outbox.retry(first)
    await settled()
    expect(line.performed).toEqual([first, idOf(2), first])
    expect(line.states()).toEqual([])
  })

  it('a failed one can be given up', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = () => refused('too_large')
    line.outbox.discard(line.say(1))
    await settled()
    expect(line.states()).toEqual([])
    expect(line.stored.size).toBe(0)
  })

  it('a deletion waits for second thoughts, and nothing waits for it', async () => {
    const line = new Line()
    line.outbox.connected()
    const [kept, gone] = [line.erase(1), line.erase(2)]
    const said = line.say(3)
    await settled()
    expect(line.performed).toEqual([said])
    line.outbox.discard(kept)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(line.performed).toEqual([said, gone])
    const last = line.erase(4)
    await settled()
    line.outbox.hurry()
    await settled()
    expect(line.performed).toEqual([said, gone, last])
  })

  it('a deletion may be taken back also over a reconnect', async () => {
    const line = new Line()
    line.outbox.connected()
    const gone = line.erase(1)
    await settled()
    line.outbox.disconnected()
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual([])
    await vi.advanceTimersByTimeAsync(6_000)
    expect(line.performed).toEqual([gone])
  })

  it('a deletion that another tab asked for is not taken for one that is stuck', async () => {
    const line = new Line()
    line.leads = false
    line.outbox.connected()
    line.erase(1)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(line.leads).toBe(false)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(line.leads).toBe(true)
  })

  it('a request without a network keeps nothing of the socket back, and is tried again', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = ({ chat_id }) => (chat_id === 'chat-2' ? refused('offline') : accepted())
    const [late, prompt] = [line.say(1, 'chat-2'), line.say(2)]
    await vi.advanceTimersByTimeAsync(0)
    expect(line.performed).toEqual([late, prompt])
    const after = line.say(3)
    line.answers = () => accepted()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.performed).toEqual([late, prompt, after, late])
    expect(line.outbox.of('chat-2')).toEqual([])
  })

  it('a device without a network tries nothing more until the next connection', async () => {
    const line = new Line()
    line.outbox.connected()
    line.online = false
    line.answers = () => refused('offline')
    const first = line.say(1)
    await vi.advanceTimersByTimeAsync(60_000)
    line.say(2, 'chat-2')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.performed).toEqual([first])
  })

  it('a lost connection keeps everything for the next one', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = () => refused('offline')
    const ids = [line.say(1), line.say(2)]
    await vi.advanceTimersByTimeAsync(0)
    line.outbox.disconnected()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.performed).toEqual([ids[0]])
    line.answers = () => accepted()
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual([ids[0], ...ids])
  })

  it('a browser that cannot store still sends', async () => {
    const performed: string[] = []
    const outbox = new Outbox({
      perform: ({ id }) => {
        performed.push(id)
        return accepted()
      },
      store: () => Promise.reject(new Error('the disk is full')),
      erase: () => Promise.reject(new Error('the disk is full')),
      stored: () => Promise.reject(new Error('the disk is full')),
      ended: () => undefined,
      giveBack: () => undefined,
      carried: () => false,
      leads: () => true,
      lead: () => undefined,
      tell: () => undefined,
      online: () => true,
      cursor: () => 0,
      changed: () => undefined,
      random: () => 0,
    })
    outbox.follow(Sender)
    outbox.connected()
    outbox.add({ ...pending('a', CHAT, 1), kind: 'send', text: 'x', reply_to: null })
    await settled()
    expect(performed).toEqual(['a'])
  })

  it('fails what is more than a person can say', () => {
    const line = new Line()
    for (let number = 1; number <= 501; number += 1) line.say(number)
    expect(line.outbox.get(idOf(500))?.state).toBe('queued')
    expect(line.outbox.get(idOf(501))).toMatchObject({ state: 'failed', code: 'overloaded' })
  })
})
