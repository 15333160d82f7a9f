import { beforeEach, describe, expect, it } from 'vitest'
import { problem } from '../../protocol/problem'
import type { Outcome } from '../contract'
import type { LocalFile } from '../state'
import { Uploader, type Progress } from './uploader'

const SIZE = 600_000

function file(id: string): LocalFile {
  return { id, name: `${id}.bin`, size: SIZE, type: '', width: null, height: null, alt: '' }
}

/** A server that takes bytes as it is told to, and a device that has them. */
class World {
  readonly offsets = new Map<string, number>()
  readonly ready = new Set<string>()
  readonly removed: string[] = []
  readonly seen = new Map<string, Progress[]>()
  lost = new Set<string>()
  leads = true
  refuse: (step: string, id: string) => ReturnType<typeof problem> | null = () => null
  atOnce = 0
  mostAtOnce = 0
  readonly uploader = new Uploader({
    declare: async (declared) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, (this.atOnce += 1))
      await Promise.resolve()
      const id = `server-${declared.id}`
      const offset = this.offsets.get(id) ?? 0
      this.offsets.set(id, offset)
      return this.answer('declare', id, { file_id: id, offset, ready: this.ready.has(id), part_bytes: 1e6 })
    },
    put: (id, from, part) => {
      if (from !== this.offsets.get(id)) throw new Error('a hole')
      const refused = this.answer('put', id, null)
      if (!refused.ok) return Promise.resolve(refused)
      this.offsets.set(id, from + part.size)
      return Promise.resolve({ ok: true, value: { offset: from + part.size } })
    },
    complete: (id, sha256) => {
      expect(sha256).toBe(`hash of ${SIZE}`)
      this.atOnce -= 1
      const outcome = this.answer('complete', id, null)
      if (outcome.ok) this.ready.add(id)
      return Promise.resolve(outcome)
    },
    remove: (id) => this.removed.push(id),
    hash: (blob) => Promise.resolve(`hash of ${blob.size}`),
    blob: (id) => Promise.resolve(this.lost.has(id) ? null : new Blob([new Uint8Array(SIZE)])),
    leads: () => this.leads,
    progress: (id, progress) => this.seen.set(id, [...(this.seen.get(id) ?? []), progress]),
    now: () => 0,
  })

  answer<T>(step: string, id: string, value: T): Outcome<T> {
    const why = this.refuse(step, id)
    return why === null ? { ok: true, value } : { ok: false, problem: why }
  }

  states(id: string): string[] {
    return (this.seen.get(id) ?? []).map(({ state }) => state)
  }
}

let world: World
beforeEach(() => (world = new World()))

describe('bringing files', () => {
  it('answers their names in the order of the message, a few at a time', async () => {
    const ids = ['a', 'b', 'c', 'd']
    expect(await world.uploader.bring(ids.map(file))).toEqual({
      ok: true,
      value: ids.map((id) => `server-${id}`),
    })
    expect(world.mostAtOnce).toBe(2)
    expect(world.states('a')[0]).toBe('waiting')
    expect(world.states('a').slice(-2)).toEqual(['finishing', 'ready'])
    const sent = (world.seen.get('a') ?? []).map((progress) => progress.sent)
    expect([...sent].sort((left, right) => left - right)).toEqual(sent)
    expect(sent.at(-1)).toBe(SIZE)
  })

  it('goes on where the server stands after a line that failed', async () => {
    let failures = 2
    world.refuse = (step) => (step === 'put' && (failures -= 1) >= 0 ? problem('offline') : null)
    expect((await world.uploader.bring([file('a')])).ok).toBe(false)
    expect((await world.uploader.bring([file('a')])).ok).toBe(false)
    expect(world.states('a').at(-1)).toBe('waiting')
    expect((await world.uploader.bring([file('a')])).ok).toBe(true)
    expect(world.offsets.get('server-a')).toBe(SIZE)
  })

  it('tells of each piece that arrives, and keeps what is known to be there while it waits', async () => {
    let [pieces, lost] = [0, false]
    const moved = () => (pieces += 1)
    world.refuse = (step) => (step === 'put' && pieces > 0 && lost ? problem('offline') : null)
    const first = world.uploader.bring([file('a')], () => {
      moved()
      lost = true
    })
    expect((await first).ok).toBe(false)
    expect(pieces).toBe(1)
    const there = world.offsets.get('server-a')
    expect(there).toBeGreaterThan(0)
    expect(world.seen.get('a')?.at(-1)).toMatchObject({ state: 'waiting', sent: there })
    world.refuse = () => null
    expect((await world.uploader.bring([file('a')], moved)).ok).toBe(true)
    // Also while it is asked for anew.
    const sent = (world.seen.get('a') ?? []).map((progress) => progress.sent)
    expect([...sent].sort((left, right) => left - right)).toEqual(sent)
  })

  it('says why one cannot go, and tries again when it is asked to', async () => {
    world.refuse = (step, id) =>
      step === 'declare' && id === 'server-b'
        ? { ...problem('too_large'), details: { reason: 'user_quota' } }
        : null
    const outcome = await world.uploader.bring([file('a'), file('b')])
    expect(outcome).toMatchObject({ ok: false, problem: { details: { reason: 'user_quota' } } })
    expect(world.seen.get('b')?.at(-1)).toMatchObject({ state: 'failed', code: 'user_quota' })
    world.refuse = () => null
    expect((await world.uploader.bring([file('a'), file('b')])).ok).toBe(true)
  })

  it('names a file that no device has any more', async () => {
    world.lost = new Set(['a'])
    expect(await world.uploader.bring([file('a')])).toMatchObject({
      ok: false,
      problem: { retryable: false, details: { reason: 'file_lost' } },
    })
  })

  it('stops at once when it is given up, and the server may forget it', async () => {
    world.refuse = (step) => {
      if (step === 'put') world.uploader.cancel('a')
      return null
    }
    expect(await world.uploader.bring([file('a')])).toMatchObject({ problem: { code: 'timeout' } })
    expect(world.removed).toEqual(['server-a'])
    expect(world.ready.size).toBe(0)
  })

  it('leaves it to the tab that sends now', async () => {
    world.refuse = () => {
      world.leads = false
      return null
    }
    expect(await world.uploader.bring([file('a')])).toMatchObject({ problem: { retryable: true } })
    expect(world.offsets.get('server-a')).toBe(0)
  })
})
