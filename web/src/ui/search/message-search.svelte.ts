import { textOf } from '../../protocol/message.ts'
import type { ClientProblem } from '../../protocol/problem.ts'
import type { SearchApi, SearchHit, SearchInput } from '../../store/contract.ts'
import { fold } from '../fold.ts'
import { plainWords, rangesOf, wordsOf } from './pieces.ts'

const PAUSE_MS = 250
/** Answers without a hit that are followed at once; then the reader decides. */
const PATIENCE = 3

/** What is found while somebody types: what is stored here at once, then the server's answer instead. */
export class MessageSearch {
  hits = $state.raw<readonly SearchHit[]>([])
  /** What these hits were looked for by, folded. */
  words = $state.raw<readonly string[]>([])
  more = $state.raw<string | null>(null)
  problem = $state.raw<ClientProblem | null>(null)
  busy = $state(false)
  /** Whether the hits are still those of what was typed before. */
  stale = $state(false)
  /** Whether the hits are the server's. */
  answered = $state(false)
  readonly #api: SearchApi
  readonly #chatIds: () => readonly string[]
  #input: SearchInput | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(api: SearchApi, chatIds: () => readonly string[]) {
    this.#api = api
    this.#chatIds = chatIds
  }

  /** null: nothing is looked for any more. */
  look(input: SearchInput | null): void {
    clearTimeout(this.#timer)
    this.#input = input
    this.problem = null
    this.more = null
    this.answered = false
    this.busy = input !== null
    this.stale = input !== null
    if (input === null) {
      this.hits = []
      return
    }
    void this.#near(input)
    this.#timer = setTimeout(() => void this.#ask(input, []), PAUSE_MS)
  }

  async next(): Promise<void> {
    if (this.#input === null || this.more === null || this.busy) return
    this.busy = true
    await this.#ask(this.#input, this.hits, this.more)
  }

  /** The server can be reached: what it did not answer is asked for once more. */
  async again(): Promise<void> {
    if (this.#input === null || this.problem === null || this.busy) return
    this.problem = null
    this.busy = true
    await this.#ask(this.#input, this.answered ? this.hits : [], this.more ?? undefined)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#input = null
  }

  async #near(input: SearchInput): Promise<void> {
    const words = isPlain(input) ? plainWords(input.q) : null
    if (words === null) return
    const chatIds = input.chat_id === undefined ? this.#chatIds() : [input.chat_id]
    const found = await this.#api.stored(chatIds, (text) => {
      const folded = fold(text)
      return words.every((word) => folded.includes(word))
    })
    if (this.#input !== input || this.answered) return
    this.stale = false
    this.words = words
    this.hits = found.map((message) => ({
      chat_id: message.chat_id,
      message,
      highlights: rangesOf(textOf(message), words),
    }))
  }

  async #ask(input: SearchInput, before: readonly SearchHit[], cursor?: string): Promise<void> {
    let hits = before
    let more: string | null = cursor ?? null
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const outcome = await this.#api.ask(input, more ?? undefined)
      if (this.#input !== input) return
      if (!outcome.ok) {
        this.problem = outcome.problem
        break
      }
      hits = [...hits, ...outcome.value.items]
      more = outcome.value.next_cursor
      this.answered = true
      this.stale = false
      this.hits = hits
      this.words = wordsOf(input.q)
      this.more = more
      if (more === null || hits.length > before.length) break
    }
    this.busy = false
  }
}

function isPlain(input: SearchInput): boolean {
  return [input.from, input.has, input.after, input.before].every((each) => each === undefined)
}
