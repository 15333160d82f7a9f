/** Pages of a chat's history: from the local copy where it reaches, else from the server. */
import type { Api } from '../protocol/api'
import type { Outcome } from './contract'
import type { Bound } from './conversation'
import type { Database } from './db'
import { PAGE } from './state'
import { storedBefore, storedEnd } from './stored-pages'
import type { HistoryPage } from './window'

export interface PagingPort {
  api: Pick<Api, 'messages'>
  database(): Database | null
  /** What is shown is stored. */
  flush(): Promise<void>
}

export class Paging {
  readonly #port: PagingPort

  constructor(port: PagingPort) {
    this.#port = port
  }

  /**
   * Older messages come from the copy first: it is exact up to its cursor. Everything else is asked of
   * the server, and of the copy when the server cannot be reached. `cursor` is what is applied already.
   */
  async page(chatId: string, bound: Bound, cursor: number): Promise<Outcome<HistoryPage>> {
    const stored = 'before_seq' in bound ? await this.#before(chatId, bound.before_seq, cursor) : null
    if (stored !== null) return { ok: true, value: stored }
    const outcome = await this.#port.api.messages(chatId, { ...bound, limit: PAGE })
    if (outcome.ok) {
      const { messages, more, more_after = false } = outcome.value
      return { ok: true, value: { messages, more_before: more, more_after } }
    }
    const fallback = outcome.problem.code === 'offline' ? await this.#offline(chatId, bound, cursor) : null
    return fallback === null ? outcome : { ok: true, value: fallback }
  }

  async #before(chatId: string, seq: number, cursor: number): Promise<HistoryPage | null> {
    const database = this.#port.database()
    if (database === null) return null
    await this.#port.flush()
    return storedBefore(database, chatId, seq, cursor).catch(() => null)
  }

  /** The end of the copy, or its end from the wanted place on; never older than what is applied. */
  async #offline(chatId: string, bound: Bound, cursor: number): Promise<HistoryPage | null> {
    const database = this.#port.database()
    if (database === null || 'before_seq' in bound || 'after_seq' in bound) return null
    await this.#port.flush()
    const to = 'around_seq' in bound ? bound.around_seq : undefined
    const page = await storedEnd(database, chatId, to).catch(() => null)
    return page === null || page.as_of < cursor ? null : page
  }
}
