/** One kind of what was sent in a chat, page by page, newest first. */
import type { ClientProblem } from '../../protocol/problem.ts'
import type { Outcome, Page } from '../../store/contract.ts'

export class Pages<T> {
  items = $state.raw<readonly T[]>([])
  more = $state<string | null>(null)
  problem = $state.raw<ClientProblem | null>(null)
  busy = $state(false)
  done = $state(false)
  readonly #ask: (cursor?: string) => Promise<Outcome<Page<T>>>

  constructor(ask: (cursor?: string) => Promise<Outcome<Page<T>>>) {
    this.#ask = ask
  }

  async next(): Promise<void> {
    if (this.busy || (this.done && this.more === null)) return
    this.busy = true
    const outcome = await this.#ask(this.more ?? undefined)
    this.busy = false
    this.problem = outcome.ok ? null : outcome.problem
    if (!outcome.ok) return
    this.items = [...this.items, ...outcome.value.items]
    this.more = outcome.value.next_cursor
    this.done = true
  }
}
