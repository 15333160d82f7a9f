/** What an action answers. */
import type { ClientProblem } from '../../protocol/problem'

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: ClientProblem }

export interface Page<T> {
  items: readonly T[]
  next_cursor: string | null
}
