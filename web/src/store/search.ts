/** Searching messages: what is stored here at once, then what the server finds. */
import type { Api } from '../protocol/api'
import { textOf } from '../protocol/message'
import type { Message } from '../protocol/wire'
import type { Outcome, Page, SearchApi, SearchHit, SearchInput } from './contract'
import { readWindow, type Database } from './db'

/** Messages of each of several chats that are looked through here; the server looks through all. */
const NEAR = 200
const HITS_MAX = 20
/** Of one chat everything is, and more of it shown. */
const HITS_OF_ONE_MAX = 200

export interface SearchPort {
  api: Pick<Api, 'search'>
  database(): Database | null
  /** What is on screen is stored. */
  flush(): Promise<void>
}

export class Search implements SearchApi {
  readonly #port: SearchPort

  constructor(port: SearchPort) {
    this.#port = port
  }

  async stored(chatIds: readonly string[], matches: (text: string) => boolean): Promise<readonly Message[]> {
    const database = this.#port.database()
    if (database === null) return []
    await this.#port.flush()
    const one = chatIds.length === 1
    const reach = one ? Number.MAX_SAFE_INTEGER : NEAR
    const windows = await Promise.all(
      chatIds.map((chatId) => readWindow(database, chatId, reach).catch(() => null)),
    )
    return windows
      .flatMap((found) => found?.messages ?? [])
      .filter((message) => !message.deleted && matches(searchedOf(message)))
      .sort((one, other) => other.created_at.localeCompare(one.created_at))
      .slice(0, one ? HITS_OF_ONE_MAX : HITS_MAX)
  }

  async ask(input: SearchInput, cursor?: string): Promise<Outcome<Page<SearchHit>>> {
    const outcome = await this.#port.api.search({ ...input, cursor })
    if (!outcome.ok) return outcome
    return { ok: true, value: { items: outcome.value.hits, next_cursor: outcome.value.next_cursor } }
  }
}

/** As the server looks through it: the names of its files behind its text. */
function searchedOf(message: Message): string {
  return [textOf(message), ...(message.files ?? []).map(({ name }) => name)].join('\n')
}
