/** Finding the message after number n, where the server pages by seq. */
import type { ClientProblem } from '../protocol/problem'
import type { HistoryPage } from './window'

type Answer = { ok: true; value: HistoryPage } | { ok: false; problem: ClientProblem }
type Ask = (bound: Record<string, never> | { around_seq: number }) => Promise<Answer>

const ATTEMPTS = 8

interface Anchor {
  seq: number
  n: number
}

/**
 * The page that holds message `n + 1` and what stands before it, or the nearest that a few attempts found; the
 * newest page first. Without a network that is the stored end, whatever it holds.
 *
 * Between two known places seq grows about evenly with n, so interpolation meets it in two or three
 * pages; a direct look-up by n is not in the protocol.
 */
export async function locate(n: number, ask: Ask): Promise<Answer> {
  const newest = await ask({})
  const high = newest.ok ? first(newest.value) : null
  if (!newest.ok || high === null || holds(newest.value, n)) return newest
  const found = await between(n, { seq: 0, n: 0 }, high, ask)
  return !found.ok && found.problem.code === 'offline' ? newest : found
}

async function between(n: number, low: Anchor, high: Anchor, ask: Ask, attempt = 1): Promise<Answer> {
  const page = await ask({ around_seq: attempt % 2 === 1 ? guess(n, low, high) : middle(low, high) })
  if (!page.ok || attempt >= ATTEMPTS || holds(page.value, n)) return page
  const [start, end] = [first(page.value), last(page.value)]
  if (start === null || end === null) return page
  return end.n <= n ? between(n, end, high, ask, attempt + 1) : between(n, low, start, ask, attempt + 1)
}

function guess(n: number, low: Anchor, high: Anchor): number {
  const slope = (high.seq - low.seq) / Math.max(1, high.n - low.n)
  return Math.max(1, Math.round(low.seq + (n - low.n) * slope))
}

/** Every second look halves: where the log is uneven, interpolation alone creeps. */
function middle(low: Anchor, high: Anchor): number {
  return Math.max(1, Math.round((low.seq + high.seq) / 2))
}

function holds(page: HistoryPage, n: number): boolean {
  const [start, end] = [first(page), last(page)]
  if (start === null || end === null) return true
  return (start.n <= n || !page.more_before) && (end.n > n || !page.more_after)
}

function first(page: HistoryPage): Anchor | null {
  return page.messages[0] ?? null
}

function last(page: HistoryPage): Anchor | null {
  return page.messages.at(-1) ?? null
}
