import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import type { ChatEvent, SyncResult } from '../protocol/wire'
import { Catchup } from './catchup'
import type { Outcome } from './contract'
import { eventAt, shuffled } from './fixtures'

const CHAT = '0190a000-0000-7000-8000-000000000001'

/** A server's log and a client that hears of it through a bad line. */
class Line {
  readonly log: ChatEvent[]
  readonly applied: number[] = []
  syncs: number[] = []
  resets = 0
  answer: (from: number) => Promise<Outcome<SyncResult>> = (from) => Promise.resolve(this.read(from, 7))
  readonly catchup: Catchup

  constructor(length: number, cursor = 0) {
    this.log = Array.from({ length }, (_, index) => eventAt(CHAT, index + 1))
    this.catchup = new Catchup(cursor, {
      sync: (from) => {
        this.syncs.push(from)
        return this.answer(from)
      },
      apply: (events, to) => {
        this.applied.push(...events.map(({ seq }) => seq))
        expect(this.applied.at(-1) ?? to).toBeLessThanOrEqual(to)
      },
      reset: () => (this.resets += 1),
    })
  }

  read(from: number, limit: number): Outcome<SyncResult> {
    const items = this.log.slice(from, from + limit)
    const to_seq = items.at(-1)?.seq ?? from
    const more = to_seq < this.log.length
    return {
      ok: true,
      value: { type: 'sync.result', chat_id: CHAT, from_seq: from, to_seq, items, more, reset: false },
    }
  }

  tell(...seqs: number[]): void {
    for (const seq of seqs) {
      const event = this.log[seq - 1]
      if (event !== undefined) this.catchup.accept(event)
    }
  }
}

const upTo = (length: number) => Array.from({ length }, (_, index) => index + 1)

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

describe('the rule for events', () => {
  it('applies neighbours and ignores what is known', async () => {
    const line = new Line(3)
    line.tell(1, 1, 2, 1, 3, 3)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(line.applied).toEqual([1, 2, 3])
    expect(line.syncs).toEqual([])
  })

  it('puts overtaking neighbours right without asking', async () => {
    const line = new Line(3)
    line.tell(2, 3)
    await vi.advanceTimersByTimeAsync(49)
    line.tell(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(line.applied).toEqual([1, 2, 3])
    expect(line.syncs).toEqual([])
  })

  it('asks from its cursor when the gap stays for 50 ms', async () => {
    const line = new Line(5, 1)
    line.tell(5)
    await vi.advanceTimersByTimeAsync(50)
    expect(line.syncs).toEqual([1])
    expect(line.applied).toEqual([2, 3, 4, 5])
  })

  it('goes on asking while there is more', async () => {
    const line = new Line(20)
    line.catchup.opened(20)
    await vi.advanceTimersByTimeAsync(0)
    expect(line.syncs).toEqual([0, 7, 14])
    expect(line.applied).toEqual(upTo(20))
  })

  it('holds live events while it asks, and asks once', async () => {
    const line = new Line(9)
    let give: (outcome: Outcome<SyncResult>) => void = () => undefined
    line.answer = () => new Promise((resolve) => (give = resolve))
    line.catchup.opened(7)
    line.tell(8, 9)
    await vi.advanceTimersByTimeAsync(500)
    expect(line.syncs).toEqual([0])
    give(line.read(0, 7))
    await vi.advanceTimersByTimeAsync(0)
    expect(line.applied).toEqual(upTo(9))
    expect(line.syncs).toEqual([0])
  })

  it('takes a folded answer: what was superseded is missing in it', async () => {
    const line = new Line(6)
    line.answer = () => {
      const full = line.read(0, 6)
      if (!full.ok) return Promise.resolve(full)
      return Promise.resolve({
        ok: true,
        value: { ...full.value, items: full.value.items.filter(({ seq }) => seq !== 3) },
      })
    }
    line.catchup.opened(6)
    await vi.advanceTimersByTimeAsync(0)
    expect(line.applied).toEqual([1, 2, 4, 5, 6])
    expect(line.catchup.cursor).toBe(6)
  })

  it('drops the answer of a former connection', async () => {
    const line = new Line(5)
    let give: (outcome: Outcome<SyncResult>) => void = () => undefined
    line.answer = () => new Promise((resolve) => (give = resolve))
    line.catchup.opened(5)
    line.catchup.suspend()
    give(line.read(0, 7))
    await vi.advanceTimersByTimeAsync(100)
    expect(line.applied).toEqual([])
    line.answer = (from) => Promise.resolve(line.read(from, 7))
    line.catchup.opened(5)
    await vi.advanceTimersByTimeAsync(0)
    expect(line.applied).toEqual(upTo(5))
  })

  it('waits for a head whose events are on their way, then asks', async () => {
    const line = new Line(2)
    line.catchup.head(2)
    line.tell(1, 2)
    await vi.advanceTimersByTimeAsync(100)
    expect(line.syncs).toEqual([])
    line.log.push(eventAt(CHAT, 3))
    line.catchup.head(3)
    await vi.advanceTimersByTimeAsync(50)
    expect(line.applied).toEqual(upTo(3))
  })

  it('tries again after a refusal, not before the server says', async () => {
    const line = new Line(2)
    line.answer = () => Promise.resolve({ ok: false, problem: problem('rate_limited', '', 5_000) })
    line.catchup.opened(2)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(line.syncs).toHaveLength(1)
    line.answer = (from) => Promise.resolve(line.read(from, 7))
    await vi.advanceTimersByTimeAsync(1)
    expect(line.applied).toEqual([1, 2])
  })

  it('does not ask again where it may not read', async () => {
    const line = new Line(2)
    line.answer = () => Promise.resolve({ ok: false, problem: problem('not_found') })
    line.catchup.opened(2)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(line.syncs).toHaveLength(1)
  })

  it('resets when it is too far behind, and goes on from the page', async () => {
    const line = new Line(900)
    line.answer = (from) => {
      const full = line.read(from, 7)
      return Promise.resolve(
        full.ok ? { ok: true, value: { ...full.value, items: [], to_seq: 900, reset: true } } : full,
      )
    }
    line.catchup.opened(900)
    await vi.advanceTimersByTimeAsync(100)
    expect(line.resets).toBe(1)
    line.catchup.restart(900)
    line.log.push(eventAt(CHAT, 901))
    line.tell(901)
    expect(line.applied).toEqual([901])
  })

  it('does not spin on a head that the log does not reach', async () => {
    const line = new Line(3, 3)
    line.catchup.opened(9)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.syncs.length).toBeLessThan(12)
  })
})

describe('any schedule', () => {
  it('ends as the log, each event once, whatever is lost, doubled or shuffled', async () => {
    for (const seed of upTo(300)) {
      const line = new Line(40)
      await play(line, seed)
      expect(line.applied, `seed ${seed}`).toEqual(upTo(40))
      expect(line.catchup.cursor).toBe(40)
    }
  })
})

async function play(line: Line, seed: number): Promise<void> {
  const { picks, random } = shuffled(seed, 40)
  for (const seq of picks) {
    line.tell(seq)
    if (random() < 0.1) line.catchup.head(Math.ceil(random() * 40))
    if (random() < 0.05) {
      line.catchup.suspend()
      line.catchup.opened(line.catchup.cursor)
    }
    if (random() < 0.3) await vi.advanceTimersByTimeAsync(Math.floor(random() * 80))
  }
  line.catchup.opened(40)
  await vi.advanceTimersByTimeAsync(1_000)
}
