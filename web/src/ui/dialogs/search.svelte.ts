import type { User } from '../../protocol/wire.ts'
import type { ClientProblem } from '../../protocol/problem.ts'
import type { UsersApi } from '../../store/contract.ts'

const PAUSE_MS = 180

/** A directory search that follows what is typed; an answer that was overtaken is dropped. */
export class PeopleSearch {
  query = $state('')
  found = $state.raw<readonly User[]>([])
  problem = $state.raw<ClientProblem | null>(null)
  /** The words that `found` belongs to; null before the first answer. */
  answered = $state<string | null>(null)
  readonly #users: UsersApi
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(users: UsersApi) {
    this.#users = users
  }

  type(query: string): void {
    this.query = query
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#ask(query.trim()), PAUSE_MS)
  }

  async ask(): Promise<void> {
    await this.#ask(this.query.trim())
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #ask(words: string): Promise<void> {
    const outcome = await this.#users.search(words)
    if (words !== this.query.trim()) return
    this.problem = outcome.ok ? null : outcome.problem
    this.found = outcome.ok ? outcome.value.items : []
    this.answered = words
  }
}
