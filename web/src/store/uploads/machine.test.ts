import { describe, expect, it } from 'vitest'
import { problem, type ClientProblem } from '../../protocol/problem'
import { dice } from '../fixtures'
import { after, begun, nextStep, sentOf, type News, type Step, type Upload } from './machine'

const RUNS = Number(process.env['UPLOAD_RUNS'] ?? 200)

function conflict(details: Record<string, string>): ClientProblem {
  return { ...problem('conflict'), details }
}

/** A server that forgets, repeats and refuses as the dice say; the bytes are the numbers of a range. */
class Server {
  readonly #random: () => number
  readonly #size: number
  /** Where each accepted piece began: a hole or an overlap would show. */
  readonly taken: { from: number; to: number }[] = []
  #offset = 0
  #id: string | null = null
  ready = false
  #ids = 0

  constructor(random: () => number, size: number) {
    this.#random = random
    this.#size = size
  }

  answer(step: Step): News {
    if (this.#random() < 0.2) return refusal(step, problem('offline'))
    const news = this.#carryOut(step)
    // Carried out, and the answer was lost.
    return this.#random() < 0.2 ? refusal(step, problem('timeout')) : news
  }

  #carryOut(step: Step): News {
    switch (step.do) {
      case 'declare':
        this.#id ??= `file ${(this.#ids += 1)}`
        return {
          type: 'declared',
          file_id: this.#id,
          offset: this.#offset,
          ready: this.ready,
          part_bytes: 700,
        }
      case 'put':
        return this.#put(step)
      case 'hash':
        return { type: 'hashed', sha256: 'a' }
      case 'complete':
        return this.#complete(step)
    }
  }

  #put(step: Step & { do: 'put' }): News {
    expect(step.to - step.from).toBeLessThanOrEqual(700)
    if (step.file_id !== this.#id) return refusal(step, problem('not_found'))
    if (step.from !== this.#offset) return refusal(step, conflict({ offset: String(this.#offset) }))
    this.taken.push({ from: step.from, to: step.to })
    this.#offset = step.to
    return { type: 'put', offset: this.#offset, took_ms: this.#random() * 4_000 }
  }

  #complete(step: Step & { do: 'complete' }): News {
    if (step.file_id !== this.#id) return refusal(step, problem('not_found'))
    if (this.#offset < this.#size) return refusal(step, conflict({ offset: String(this.#offset) }))
    this.ready = true
    return { type: 'completed' }
  }
}

function refusal(step: Step, why: ClientProblem): News {
  return { type: 'refused', step: step.do, problem: why }
}

function run(server: Server, from: Upload, random: () => number): Upload {
  let upload = from
  for (let turn = 0; turn < 5_000; turn += 1) {
    const step = nextStep(upload)
    if (step === null) return upload
    upload = after(upload, server.answer(step))
    // The page dies: all that is left of it is that there is a file to be sent.
    if (random() < 0.02) upload = begun(upload.size)
  }
  throw new Error('it never ends')
}

describe('the way of a file to the server', () => {
  it('arrives whole and each byte once, whatever the line and the page do', () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const random = dice(seed)
      const size = 1 + Math.floor(random() * 20_000)
      const server = new Server(random, size)
      const upload = run(server, begun(size), random)
      expect(upload, `seed ${seed}`).toMatchObject({ ready: true, code: null })
      expect(server.ready).toBe(true)
      expect(server.taken.map(({ to }) => to)).toEqual([
        ...server.taken.slice(1).map(({ from }) => from),
        size,
      ])
    }
  })

  it('is told in bytes that are safe', () => {
    const upload = after(begun(100), declared({ offset: 40 }))
    expect(sentOf(upload)).toBe(40)
    expect(sentOf(begun(100))).toBe(0)
    expect(sentOf(after(upload, { type: 'completed' }))).toBe(100)
  })

  it('is over at once where the server has it from a former page', () => {
    expect(nextStep(after(begun(100), declared({ offset: 100, ready: true })))).toBeNull()
  })

  it.each([
    [1, 16],
    [100, 14],
    [350, 4],
    [699, 2],
    [700, 1],
    [2_000, 1],
    [2_001, 0.5],
  ])('sends next what the line takes in 1.4 s: after %i ms %f times as much', (took_ms, times) => {
    const start = after(begun(100_000_000), declared({ offset: 0, part_bytes: 1_000_000 }))
    expect(after(start, { type: 'put', offset: 10, took_ms }).piece).toBe(times * start.piece)
  })

  it('sends no more at once than the server takes', () => {
    let upload = after(begun(100_000_000), declared({ offset: 0, part_bytes: 1_000_000 }))
    for (let turn = 0; turn < 20; turn += 1) upload = after(upload, { type: 'put', offset: 10, took_ms: 0 })
    expect(nextStep(upload)).toMatchObject({ from: 10, to: 1_000_010 })
  })

  it('begins anew once when what arrived is not what was sent, with the hash taken again', () => {
    const sent = after(after(begun(10), declared({ offset: 10 })), { type: 'hashed', sha256: 'a' })
    const mismatch: News = {
      type: 'refused',
      step: 'complete',
      problem: conflict({ reason: 'hash_mismatch' }),
    }
    const again = after(sent, mismatch)
    expect(again).toMatchObject({ offset: 0, sha256: null, code: null })
    const often = [1, 2, 3].reduce((upload) => after(upload, mismatch), again)
    expect(often.code).toBe('unexpected')
  })

  it.each([
    ['declare', { ...problem('too_large'), details: { reason: 'user_quota' } }, 'user_quota'],
    ['declare', problem('not_found'), 'not_found'],
    ['complete', { ...problem('bad_request'), details: { reason: 'not_audio' } }, 'not_audio'],
    ['put', problem('forbidden'), 'forbidden'],
  ] as const)('ends with the reason of a refusal that stays: %s', (step, why, code) => {
    const upload = after(after(begun(10), declared({ offset: 0 })), { type: 'refused', step, problem: why })
    expect(upload.code).toBe(code)
    expect(nextStep(upload)).toBeNull()
  })
})

function declared(changed: Partial<News & { type: 'declared' }>): News {
  return { type: 'declared', file_id: 'f', offset: 0, ready: false, part_bytes: 1_000_000, ...changed }
}
