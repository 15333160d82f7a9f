import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import type { Outcome, PreferenceChange } from './contract'
import { idOf } from './fixtures'
import type { Confirmation } from './outbox'
import { accepted, CHAT, Line, pending, refused, settled } from './outbox.fixtures'
import type { LocalFile, OutboxEntry } from './state'

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

describe('sending', () => {
  it('stores first, waits for the connection, and sends in order', async () => {
    const line = new Line()
    const ids = [line.say(1), line.say(2), line.say(3)]
    await settled()
    expect([...line.stored.keys()]).toEqual(ids)
    expect(line.performed).toEqual([])
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual(ids)
    expect(line.stored.size).toBe(0)
    expect(line.states()).toEqual([])
  })

  it('has one under way in a chat, and chats do not wait for each other', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = () => new Promise(() => undefined)
    const ids = [line.say(1), line.say(2, 'chat-2')]
    line.say(3)
    await settled()
    expect(line.performed).toEqual(ids)
  })

  it('keeps a confirmed one until its event is seen', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = () => accepted(5)
    line.say(1)
    await settled()
    expect(line.states()).toEqual(['1 confirmed'])
    expect(line.stored.size).toBe(0)
    line.outbox.settle(CHAT, 4)
    expect(line.states()).toEqual(['1 confirmed'])
    line.outbox.settle(CHAT, 5)
    expect(line.states()).toEqual([])
  })

  it('lets an event that overtakes its answer settle it', async () => {
    const line = new Line()
    line.outbox.connected()
    let give: (outcome: Outcome<Confirmation>) => void = () => undefined
    line.answers = () => new Promise((resolve) => (give = resolve))
    const id = line.say(1)
    await settled()
    line.outbox.seen(id)
    give({ ok: true, value: { seq: 1 } })
    await settled()
    expect(line.states()).toEqual([])
    expect(line.performed).toEqual([id])
  })
})

describe('preferences', () => {
  it('wait for nothing that is said, and their last wish is the one that is carried out', async () => {
    const line = new Line()
    let answer: (outcome: Outcome<Confirmation>) => void = () => undefined
    line.answers = () => new Promise((resolve) => (answer = resolve))
    const wish = (change: PreferenceChange) => {
      const entry = pending(`prefer:${CHAT}`, CHAT, line.outbox.nextOrder())
      line.outbox.add({ ...entry, kind: 'prefer', change })
    }
    line.outbox.connected()
    line.say(1)
    wish({ pinned: true })
    await settled()
    expect(line.performed).toEqual([idOf(1), `prefer:${CHAT}`])
    wish({ pinned: false })
    await settled()
    answer({ ok: true, value: { seq: null } })
    await settled()
    expect(line.performed).toEqual([idOf(1), `prefer:${CHAT}`, `prefer:${CHAT}`])
    answer({ ok: true, value: { seq: null } })
    await settled()
    expect(line.outbox.get(`prefer:${CHAT}`)).toBeUndefined()
    expect([...line.stored.keys()]).toEqual([idOf(1)])
  })

  it('that the server will not have are given up', async () => {
    const line = new Line()
    line.answers = () => refused('not_found')
    line.outbox.add({
      ...pending(`prefer:${CHAT}`, CHAT, line.outbox.nextOrder()),
      kind: 'prefer',
      change: { archived: true },
    })
    line.outbox.connected()
    await settled()
    expect(line.outbox.of(CHAT)).toEqual([])
  })
})

describe('read marks', () => {
  it('are told once where scrolling comes to rest, and wait for nobody', async () => {
    const line = new Line()
    line.outbox.connected()
    line.answers = ({ kind }) => (kind === 'send' ? new Promise(() => undefined) : accepted())
    line.say(1)
    for (const n of [3, 4, 9]) line.mark(n)
    await vi.advanceTimersByTimeAsync(299)
    expect(line.performed).toEqual([idOf(1)])
    const told: OutboxEntry[] = []
    line.answers = (entry) => {
      told.push(entry)
      return accepted()
    }
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toMatchObject([{ kind: 'read', n: 9 }])
    expect(line.states()).toEqual(['1 queued'])
  })
})

describe('a reload', () => {
  it('sends what was left with the ids that it had, before what is new', async () => {
    const before = new Line()
    const ids = [before.say(1), before.say(2)]
    await settled()
    const after = new Line()
    after.outbox.restore([...before.stored.values()].reverse())
    const fresh = after.say(3)
    after.outbox.connected()
    await settled()
    expect(after.performed).toEqual([...ids, fresh])
  })

  it('leaves a failed one failed', async () => {
    const line = new Line()
    line.outbox.restore([
      {
        ...pending('a', CHAT, 1),
        kind: 'send',
        text: 'x',
        reply_to: null,
        state: 'failed',
        code: 'forbidden',
      },
    ])
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual([])
  })
})

describe('a message with files', () => {
  const file = (id: string): LocalFile => ({
    id,
    name: `${id}.pdf`,
    size: 1,
    type: 'application/pdf',
    width: null,
    height: null,
    alt: '',
  })

  function carry(line: Line, number: number, ...ids: string[]): string {
    const id = idOf(number)
    const files = ids.map(file)
    line.outbox.add({
      ...pending(id, CHAT, line.outbox.nextOrder()),
      kind: 'send',
      text: '',
      reply_to: null,
      files,
    })
    return id
  }

  it('holds up what was written after it, and neither is sent twice', async () => {
    const line = new Line()
    let arrive: (outcome: Outcome<Confirmation>) => void = () => undefined
    line.answers = ({ kind, id }) =>
      kind === 'send' && id === idOf(1) ? new Promise((resolve) => (arrive = resolve)) : accepted()
    line.outbox.connected()
    const first = carry(line, 1, 'a')
    const second = line.say(2)
    await settled()
    expect(line.performed).toEqual([first])
    arrive({ ok: true, value: { seq: null } })
    await settled()
    expect(line.performed).toEqual([first, second])
    expect(line.ended).toEqual(['1 sent', '2 sent'])
  })

  it('begins anew with one file less, whatever becomes of what was under way', async () => {
    const line = new Line()
    const answers: ((outcome: Outcome<Confirmation>) => void)[] = []
    line.answers = () => new Promise((resolve) => answers.push(resolve))
    line.outbox.connected()
    const id = carry(line, 1, 'a', 'b')
    await settled()
    const entry = line.outbox.get(id)
    if (entry?.kind !== 'send') throw new Error('no message')
    line.outbox.amend({ ...entry, files: [file('b')] })
    await settled()
    answers[0]?.({ ok: false, problem: problem('timeout') })
    await settled()
    expect(line.performed).toEqual([id, id])
    answers[1]?.({ ok: true, value: { seq: null } })
    await settled()
    expect(line.stored.size).toBe(0)
  })

  it('fails with the reason that the server gives, and says so to the other tabs', async () => {
    const line = new Line()
    const why = { ...problem('too_large'), details: { reason: 'user_quota' } }
    line.answers = () => Promise.resolve({ ok: false, problem: why })
    line.outbox.connected()
    const id = carry(line, 1, 'a')
    await settled()
    expect(line.outbox.get(id)).toMatchObject({ state: 'failed', code: 'user_quota' })
    expect(line.told.at(-1)).toMatchObject({ entry: { code: 'user_quota' } })
  })

  it('gives up in every tab what was taken out in one', async () => {
    const line = new Line()
    const id = carry(line, 1, 'a', 'b')
    await settled()
    const entry = line.outbox.get(id)
    if (entry?.kind !== 'send') throw new Error('no message')
    line.outbox.heard({ type: 'entry', entry: { ...entry, files: [file('a')] } })
    expect(line.ended).toEqual(['1 given up'])
    line.outbox.heard({ type: 'gone', id })
    expect(line.ended).toEqual(['1 given up', '1 given up'])
  })

  it('is left to the tab that carries it, as long as that says so', async () => {
    const line = new Line()
    line.leads = false
    line.carried = true
    line.outbox.connected()
    carry(line, 1, 'a')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.leads).toBe(false)
    line.carried = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect(line.leads).toBe(true)
  })
})

describe('a message with its time', () => {
  function plan(line: Line, number: number): string {
    const id = idOf(number)
    const entry = pending(id, CHAT, line.outbox.nextOrder())
    line.outbox.add({ ...entry, kind: 'send', text: 'luego', reply_to: null, send_at: 5 })
    return id
  }

  it('holds up nothing that is said after it, and waits for nothing', async () => {
    const line = new Line()
    const answers: ((outcome: Outcome<Confirmation>) => void)[] = []
    line.answers = () => new Promise((resolve) => answers.push(resolve))
    line.outbox.connected()
    const [planned, said, other] = [plan(line, 1), line.say(2), plan(line, 3)]
    await settled()
    expect(line.performed).toEqual([planned, said, other])
    answers[0]?.({ ok: true, value: { seq: null } })
    await settled()
    expect([...line.stored.keys()]).toEqual([said, other])
  })

  it('is planned by the next page when this one ends before', async () => {
    const stored = new Map<string, OutboxEntry>()
    const id = plan(new Line(stored), 1)
    await settled()
    const next = new Line(stored)
    next.outbox.restore([...stored.values()])
    next.outbox.connected()
    await settled()
    expect(next.performed).toEqual([id])
    expect(stored.size).toBe(0)
  })

  it('says why the server did not take it, and is sent now when it came too late', async () => {
    const line = new Line()
    line.answers = () =>
      Promise.resolve({ ok: false, problem: { ...problem('bad_request'), details: { reason: 'too_late' } } })
    line.outbox.connected()
    const id = plan(line, 1)
    await settled()
    expect(line.outbox.get(id)).toMatchObject({ state: 'failed', code: 'too_late', send_at: 5 })
    line.answers = () => refused('timeout')
    line.outbox.retry(id)
    expect(line.outbox.get(id)).toMatchObject({ state: 'queued', code: null })
    expect(line.outbox.get(id)).not.toHaveProperty('send_at')
  })

  it('keeps its time when it is tried again for another reason', async () => {
    const line = new Line()
    line.answers = () => refused('forbidden')
    line.outbox.connected()
    const id = plan(line, 1)
    await settled()
    line.outbox.retry(id)
    expect(line.outbox.get(id)).toMatchObject({ state: 'queued', send_at: 5 })
  })
})
