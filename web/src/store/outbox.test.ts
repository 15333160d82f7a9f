import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import type { Outcome, PreferenceChange } from './contract'
import { idOf } from './fixtures'
import { Outbox, type Confirmation, type OutboxChange } from './outbox'
import type { LocalFile, OutboxEntry } from './state'

const CHAT = 'chat-1'

/** A server that takes what it is given as it is told to. */
class Line {
  readonly performed: string[] = []
  readonly stored: Map<string, OutboxEntry>
  readonly told: OutboxChange[] = []
  readonly ended: string[] = []
  readonly back: string[] = []
  carried = false
  leads = true
  online = true
  answers: (entry: OutboxEntry) => Promise<Outcome<Confirmation>> = () => accepted()
  readonly outbox = new Outbox({
    perform: (entry) => {
      this.performed.push(entry.id)
      return this.answers(entry)
    },
    store: (entry) => {
      this.stored.set(entry.id, entry)
      return Promise.resolve()
    },
    erase: ({ id }) => {
      this.stored.delete(id)
      return Promise.resolve()
    },
    stored: () => Promise.resolve([...this.stored.values()]),
    ended: (entry, sent) => this.ended.push(`${entry.id.slice(-1)} ${sent ? 'sent' : 'given up'}`),
    giveBack: ({ text }) => this.back.push(text),
    carried: () => this.carried,
    leads: () => this.leads,
    lead: () => {
      this.leads = true
      void this.outbox.leading()
    },
    tell: (change) => this.told.push(change),
    cursor: () => 0,
    online: () => this.online,
    changed: () => undefined,
    random: () => 1,
  })

  constructor(stored = new Map<string, OutboxEntry>()) {
    this.stored = stored
  }

  say(number: number, chat_id = CHAT): string {
    const id = idOf(number)
    this.outbox.add({
      ...pending(id, chat_id, this.outbox.nextOrder()),
      kind: 'send',
      text: `m${number}`,
      reply_to: null,
    })
    return id
  }

  erase(number: number): string {
    const id = idOf(100 + number)
    this.outbox.add({
      ...pending(id, CHAT, this.outbox.nextOrder()),
      kind: 'delete',
      message_id: idOf(number),
    })
    return id
  }

  mark(n: number): void {
    this.outbox.add({
      ...pending(`read:${CHAT}`, CHAT, this.outbox.nextOrder()),
      kind: 'read',
      n,
      force: false,
    })
  }

  states(): string[] {
    return this.outbox.of(CHAT).map(({ id, state }) => `${id.slice(-1)} ${state}`)
  }
}

function pending(id: string, chat_id: string, order: number) {
  return { id, chat_id, order, created_at: '', state: 'queued' as const, code: null, seq: null }
}

const accepted = (seq: number | null = null): Promise<Outcome<Confirmation>> =>
  Promise.resolve({ ok: true, value: { seq } })
const refused = (...args: Parameters<typeof problem>): Promise<Outcome<Confirmation>> =>
  Promise.resolve({ ok: false, problem: problem(...args) })
const settled = () => vi.advanceTimersByTimeAsync(0)

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

describe('two tabs', () => {
  /** Two outboxes over one disk that hear each other. */
  function pair(): { leader: Line; other: Line } {
    const leader = new Line()
    const other = new Line(leader.stored)
    other.leads = false
    leader.told.push = (change) => (other.outbox.heard(change), 1)
    other.told.push = (change) => (leader.outbox.heard(change), 1)
    return { leader, other }
  }

  it('one sends what was written in either, in the order in which it was written', async () => {
    const { leader, other } = pair()
    leader.outbox.connected()
    other.outbox.connected()
    const ids = []
    for (const line of [leader, other, leader, other]) {
      ids.push(line.say(ids.length + 1))
      await settled()
    }
    expect(leader.performed).toEqual(ids)
    expect(other.performed).toEqual([])
  })

  it('both show it until the log does', async () => {
    const { leader, other } = pair()
    const id = other.say(1)
    await settled()
    expect(leader.states()).toEqual(['1 queued'])
    leader.answers = () => Promise.resolve({ ok: true, value: { seq: 7 } })
    leader.outbox.connected()
    await settled()
    expect([leader.states(), other.states()]).toEqual([['1 confirmed'], ['1 confirmed']])
    other.outbox.seen(id)
    leader.outbox.settle(CHAT, 7)
    expect([leader.states(), other.states()]).toEqual([[], []])
  })

  it('an answer that comes after the event brings nothing back', async () => {
    const { leader, other } = pair()
    const id = other.say(1)
    await settled()
    other.outbox.seen(id)
    leader.answers = () => Promise.resolve({ ok: true, value: { seq: 7 } })
    leader.outbox.connected()
    await settled()
    expect(other.states()).toEqual([])
  })

  it('who takes over sends also what it never heard of', async () => {
    const { leader, other } = pair()
    leader.told.push = () => 1
    const id = leader.say(1)
    await settled()
    other.leads = true
    other.outbox.connected()
    await other.outbox.leading()
    await settled()
    expect(other.performed).toEqual([id])
  })

  it('a leader that does nothing is not waited for', async () => {
    const { other } = pair()
    other.outbox.connected()
    const id = other.say(1)
    await vi.advanceTimersByTimeAsync(3_999)
    expect(other.performed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(other.performed).toEqual([id])
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

describe('a message that is withdrawn', () => {
  const never = () => new Promise<Outcome<Confirmation>>(() => undefined)

  it('is taken out and its words are given back while it waits', async () => {
    const line = new Line()
    const [first, second] = [line.say(1), line.say(2)]
    await settled()
    expect(line.outbox.withdraw(first)).toBe(true)
    expect(line.back).toEqual(['m1'])
    expect([...line.stored.keys()]).toEqual([second])
    expect(line.told.at(-1)).toEqual({ type: 'gone', id: first, kept: true })
    // Its files stay: they are the draft's.
    expect(line.ended).toEqual([])
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual([second])
  })

  it('is not taken out while it is under way, and the one behind it is', async () => {
    const line = new Line()
    line.answers = never
    line.outbox.connected()
    const [first, second] = [line.say(1), line.say(2)]
    await settled()
    expect(line.outbox.withdraw(first)).toBe(false)
    expect(line.outbox.withdraw(second)).toBe(true)
    expect(line.states()).toEqual(['1 queued'])
  })

  it.each(['offline', 'timeout'] as const)('is not taken out where %s was the answer', async (code) => {
    const line = new Line()
    line.answers = () => refused(code)
    line.outbox.connected()
    const id = line.say(1)
    await settled()
    line.outbox.disconnected()
    expect(line.outbox.withdraw(id)).toBe(false)
    // Nor by the next page.
    const next = new Line(line.stored)
    next.outbox.restore([...line.stored.values()])
    expect(next.outbox.withdraw(id)).toBe(false)
  })

  it('is not taken out by a page that came after one that went while it was under way', async () => {
    const line = new Line()
    line.answers = never
    line.outbox.connected()
    const id = line.say(1)
    await settled()
    line.outbox.hurry()
    const next = new Line(line.stored)
    next.outbox.restore([...line.stored.values()])
    expect(next.outbox.withdraw(id)).toBe(false)
  })

  it('is taken out where the server refused it for now', async () => {
    const line = new Line()
    line.answers = () => refused('overloaded')
    line.outbox.connected()
    const id = line.say(1)
    await settled()
    expect(line.outbox.withdraw(id)).toBe(true)
  })

  it('is taken out by the tab that sends', async () => {
    const [sender, other] = [new Line(), new Line()]
    const id = sender.say(1)
    await settled()
    const [told] = sender.told
    other.leads = false
    if (told !== undefined) other.outbox.heard(told)
    expect(other.outbox.withdraw(id)).toBe(true)
    expect(other.states()).toEqual(['1 queued'])
    for (const change of other.told) sender.outbox.heard(change)
    expect(sender.states()).toEqual([])
    expect(sender.back).toEqual(['m1'])
    for (const change of sender.told.slice(1)) other.outbox.heard(change)
    expect(other.states()).toEqual([])
    expect(other.ended).toEqual([])
  })
})
