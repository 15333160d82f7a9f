import { describe, expect, it } from 'vitest'
import { problem } from '../protocol/problem'
import type { Message } from '../protocol/wire'
import { dice, messageAt } from './fixtures'
import { locate } from './locate'
import type { HistoryPage } from './window'

const CHAT = 'c'
const SIZE = 50

/** A log in which changes lie between the messages as `gap` says. */
function serverOf(count: number, gap: (n: number) => number) {
  const messages: Message[] = []
  for (let n = 1, seq = 1; n <= count; n += 1, seq += 1 + gap(n)) messages.push(messageAt(CHAT, seq, { n }))
  let asked = 0
  const ask = (bound: Record<string, never> | { around_seq: number }) => {
    asked += 1
    const at = 'around_seq' in bound ? messages.findIndex(({ seq }) => seq >= bound.around_seq) : count
    const start = Math.max(0, Math.min(at - SIZE / 2, count - SIZE))
    const page: HistoryPage = {
      messages: messages.slice(start, start + SIZE),
      more_before: start > 0,
      more_after: start + SIZE < count,
    }
    return Promise.resolve({ ok: true as const, value: page })
  }
  return { ask, asked: () => asked }
}

describe('finding message n by seq', () => {
  it.each([1, 2, 499, 2_000, 4_960, 5_000])('finds %i of 5000 in an even log', async (n) => {
    const server = serverOf(5_000, () => 0)
    const page = await locate(n, server.ask)
    expect(page.ok && page.value.messages.some((message) => message.n === n)).toBe(true)
    expect(server.asked()).toBeLessThanOrEqual(3)
  })

  it('finds it where changes lie unevenly', async () => {
    const random = dice(7)
    const server = serverOf(5_000, (n) => (n < 1_000 ? 9 : Math.floor(random() * 3)))
    const page = await locate(700, server.ask)
    expect(page.ok && page.value.messages.some(({ n }) => n === 700)).toBe(true)
  })

  it('answers the newest page of a short chat at once', async () => {
    const server = serverOf(20, () => 0)
    expect((await locate(3, server.ask)).ok).toBe(true)
    expect(server.asked()).toBe(1)
  })

  it('answers a refusal', async () => {
    const answer = await locate(3, () => Promise.resolve({ ok: false, problem: problem('not_found') }))
    expect(answer.ok).toBe(false)
  })
})
