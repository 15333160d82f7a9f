/** Drafts from device to device: what is typed here is told, what was typed elsewhere is shown. */
import type { Outcome } from './contract'

/** After the last keystroke. */
const CALM_MS = 800
const RETRY_MS = 5_000

export interface SharedDraft {
  text: string
  version: number
}

export interface DraftSyncPort {
  put(chatId: string, draft: SharedDraft): Promise<Outcome<SharedDraft>>
  /** The unsent new text as it stands here. */
  text(chatId: string): string
  /** Another device's text takes the place of one that was told already. */
  show(chatId: string, text: string): void
  /** Two devices wrote different things; the one here stays, the other is offered. Null takes the offer back. */
  offer(chatId: string, text: string | null): void
  /** What is on offer, until the person takes it or puts it away. */
  offered(chatId: string): string | null
  /** How far this device agrees with the server, to be stored. */
  agreed(chatId: string, draft: SharedDraft): void
}

/** Of the texts without an answer so many are remembered for each chat. */
const UNANSWERED = 8

/**
 * For each chat: what the server has, as far as known here. Text that differs from it was typed here
 * and is told after a pause; while that is so, nothing from elsewhere replaces it. As long as another
 * text is on offer nothing is told: what stands here was written without knowing of that one, and
 * the device that wrote it would follow, and lose it where nobody has decided so.
 */
export class DraftSync {
  readonly #port: DraftSyncPort
  readonly #known = new Map<string, SharedDraft>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #busy = new Set<string>()
  /** Told, and no answer said what became of it: it may be what the server has, or be so soon. */
  readonly #unanswered = new Map<string, Set<string>>()

  constructor(port: DraftSyncPort) {
    this.#port = port
  }

  /** What a former page agreed on. */
  restore(chatId: string, agreed: SharedDraft): void {
    this.#known.set(chatId, agreed)
  }

  /** The text here is another one. */
  typed(chatId: string): void {
    this.#later(chatId, CALM_MS)
  }

  /** Told now, since the page may go. */
  flush(): void {
    for (const chatId of [...this.#timers.keys()]) this.#now(chatId)
  }

  /** Everything that differs from what the server has is told; after a reload or without a network it waited. */
  connected(chatIds: Iterable<string>): void {
    for (const chatId of chatIds) if (this.#differs(chatId)) this.#later(chatId, CALM_MS)
  }

  /** The server's draft, from the list or as an event; older than what is known it is nothing. */
  heard(chatId: string, draft: SharedDraft): void {
    const known = this.#of(chatId)
    if (draft.version <= known.version) return
    const mine = this.#port.text(chatId)
    const written = this.#unanswered.get(chatId)?.has(draft.text) ?? false
    // Before it is known: a page that ends in between must not take it for seen.
    if (!written && mine !== known.text) this.#conflict(chatId, draft.text, known.text)
    this.#agree(chatId, draft)
    // From here, the event overtook the answer: what became of the text meanwhile is told next.
    if (written || mine !== known.text) this.typed(chatId)
    else if (mine !== draft.text) this.#port.show(chatId, draft.text)
  }

  drop(chatId: string): void {
    this.#stop(chatId)
    this.#known.delete(chatId)
    this.#unanswered.delete(chatId)
  }

  clear(): void {
    for (const chatId of [...this.#timers.keys()]) this.#stop(chatId)
    this.#known.clear()
    this.#unanswered.clear()
  }

  #of(chatId: string): SharedDraft {
    return this.#known.get(chatId) ?? { text: '', version: 0 }
  }

  #differs(chatId: string): boolean {
    return this.#port.text(chatId) !== this.#of(chatId).text
  }

  #agree(chatId: string, draft: SharedDraft): void {
    this.#known.set(chatId, draft)
    this.#port.agreed(chatId, draft)
  }

  #later(chatId: string, wait: number): void {
    this.#stop(chatId)
    this.#timers.set(
      chatId,
      setTimeout(() => this.#now(chatId), wait),
    )
  }

  #stop(chatId: string): void {
    clearTimeout(this.#timers.get(chatId))
    this.#timers.delete(chatId)
  }

  #now(chatId: string): void {
    this.#stop(chatId)
    if (!this.#busy.has(chatId)) void this.#tell(chatId)
  }

  async #tell(chatId: string): Promise<void> {
    if (this.#port.offered(chatId) !== null || !this.#differs(chatId)) return
    const before = this.#of(chatId)
    const text = this.#port.text(chatId)
    this.#busy.add(chatId)
    this.#await(chatId, text)
    const outcome = await this.#port.put(chatId, { text, version: before.version })
    this.#busy.delete(chatId)
    if (outcome.ok) {
      this.#unanswered.delete(chatId)
      // The event may have come before the answer, and with a later version.
      if (outcome.value.version > this.#of(chatId).version) this.#agree(chatId, outcome.value)
      this.typed(chatId)
    } else if (outcome.problem.code === 'conflict') this.#refused(chatId, outcome.problem.details)
    else if (outcome.problem.retryable && outcome.problem.code !== 'offline') this.#later(chatId, RETRY_MS)
  }

  #await(chatId: string, text: string): void {
    const texts = this.#unanswered.get(chatId) ?? new Set()
    if (texts.size < UNANSWERED) this.#unanswered.set(chatId, texts.add(text))
  }

  /** Another device was first: what it wrote is known now, and the text here is told over it unless that is on offer. */
  #refused(chatId: string, details: Readonly<Record<string, string>> | undefined): void {
    const version = Number(details?.['version'])
    if (!Number.isSafeInteger(version)) return
    this.heard(chatId, { text: details?.['text'] ?? '', version })
    this.#unanswered.delete(chatId)
    this.typed(chatId)
  }

  /** Words that are in neither the text here nor what was known are kept for the person to take. */
  #conflict(chatId: string, theirs: string, known: string): void {
    const mine = this.#port.text(chatId)
    const news = theirs.trim() !== '' && theirs !== known && !mine.includes(theirs.trim())
    if (news) this.#port.offer(chatId, theirs)
    // What was offered is no more what stands there: its device sent it, or went on.
    else if (this.#port.offered(chatId) === known && theirs !== known) this.#port.offer(chatId, null)
  }
}
