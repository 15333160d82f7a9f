import { describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import type { Rest } from '../protocol/rest'
import { perform } from './performing'
import type { LocalFile, OutboxSend } from './state'

const FILE: LocalFile = { id: 'u', name: 'a.pdf', size: 3, type: '', width: null, height: null, alt: '' }
const HOUR_MS = 3_600_000

function planned(send_at: number, files?: readonly LocalFile[]): OutboxSend {
  return {
    id: 'm',
    chat_id: 'c',
    order: 1,
    created_at: '2026-01-01T00:00:00Z',
    state: 'queued',
    code: null,
    seq: null,
    kind: 'send',
    text: 'luego',
    reply_to: { message_id: 'r', sender_id: 's', excerpt: '' },
    send_at,
    ...(files === undefined ? {} : { files }),
  }
}

function server(answer: unknown = { ok: true, value: {} }) {
  const call = vi.fn().mockResolvedValue(answer)
  const bring = vi.fn().mockResolvedValue({ ok: true, value: ['f'] })
  const asker = {
    request: vi.fn(),
    bring,
    pin: vi.fn(),
    prefer: vi.fn(),
    rest: { call } as unknown as Rest,
  }
  const marked = vi.fn()
  return { call, bring, asker, marked }
}

const later = () => Date.now() + HOUR_MS

describe('planning a message', () => {
  it('brings its files first and then names them', async () => {
    const { call, bring, asker, marked } = server()
    const at = later()
    const outcome = await perform(asker, planned(at, [FILE]), marked)
    expect(outcome).toEqual({ ok: true, value: { seq: null } })
    expect(bring).toHaveBeenCalledExactlyOnceWith([FILE])
    expect(call).toHaveBeenCalledExactlyOnceWith('PUT', '/chats/c/scheduled/m', {
      body: { text: 'luego' },
      send_at: new Date(at).toISOString(),
      reply_to: 'r',
      file_ids: ['f'],
    })
    expect(asker.request).not.toHaveBeenCalled()
    // Nobody has read anything by writing something for tomorrow.
    expect(marked).not.toHaveBeenCalled()
  })

  it('does not happen as long as a file is not there', async () => {
    const { call, bring, asker, marked } = server()
    const refusal = { ok: false, problem: problem('timeout') }
    bring.mockResolvedValue(refusal)
    expect(await perform(asker, planned(later(), [FILE]), marked)).toEqual(refusal)
    expect(call).not.toHaveBeenCalled()
  })

  it('names no files where there are none', async () => {
    const { call, bring, asker, marked } = server()
    await perform(asker, planned(later()), marked)
    expect(bring).not.toHaveBeenCalled()
    expect(call.mock.lastCall?.[2]).not.toHaveProperty('file_ids')
  })

  it('is done when it was sent meanwhile', async () => {
    const { asker, marked } = server({ ok: false, problem: problem('conflict') })
    expect(await perform(asker, planned(later()), marked)).toEqual({ ok: true, value: { seq: null } })
  })

  it.each([
    ['bad_request', -1, 'too_late'],
    ['bad_request', HOUR_MS, undefined],
    ['too_large', HOUR_MS, 'too_many_scheduled'],
    ['forbidden', -1, undefined],
  ] as const)('says what %s means of it', async (code, ahead, reason) => {
    const { asker, marked } = server({ ok: false, problem: problem(code) })
    const outcome = await perform(asker, planned(Date.now() + ahead), marked)
    expect(outcome).toMatchObject({ ok: false, problem: { code } })
    expect(outcome.ok ? null : outcome.problem.details?.['reason']).toBe(reason)
  })

  it('waits for the network like what is carried over HTTP', async () => {
    const { asker, marked } = server({ ok: false, problem: problem('offline') })
    const outcome = await perform(asker, planned(later()), marked)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'timeout', retryable: true } })
  })
})

describe('saying something', () => {
  it.each([
    { what: 'a message', source: undefined, how: 'from' },
    {
      what: 'a forward, which reads nothing but itself',
      source: { chat_id: 'd', message_id: 'o', sender_id: 's' },
      how: 'next',
    },
  ])('moves my mark with $what', async ({ source, how }) => {
    const { asker, marked } = server()
    asker.request.mockResolvedValue({ ok: true, value: { seq: 9, n: 7, created_at: '', duplicate: false } })
    const entry = planned(0)
    delete entry.send_at
    await perform(asker, source === undefined ? entry : { ...entry, source }, marked)
    expect(marked).toHaveBeenCalledExactlyOnceWith('c', 7, how)
  })
})
