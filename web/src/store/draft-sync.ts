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
  /** Two devices wrote different things; the one here stays, the other is offered. */
  offer(chatId: string, text: string): void
  /** How far this device agrees with the server, to be stored. */
  agreed(chatId: string, draft: SharedDraft): void
}

/**
 * For each chat: what the server has, as far as known here. Text that differs from it was typed here
 * and is told after a pause; while that is so, nothing from elsewhere replaces it.
 */
export class DraftSync {
  readonly #port: DraftSyncPort
  readonly #known = new Map<string, SharedDraft>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  /** What is being told. */
  readonly #busy = new Map<string, string>()

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
    const untouched = mine === known.text
    this.#agree(chatId, draft)
    // From here: the event overtook the answer, and what became of the text meanwhile is told next.
    if (mine === draft.text || this.#busy.get(chatId) === draft.text) return
    if (untouched) this.#port.show(chatId, draft.text)
    else this.#conflict(chatId, draft.text, known.text)
  }

  drop(chatId: string): void {
    this.#stop(chatId)
    this.#known.delete(chatId)
  }

  clear(): void {
    for (const chatId of [...this.#timers.keys()]) this.#stop(chatId)
    this.#known.clear()
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
    if (!this.#differs(chatId)) return
    const before = this.#of(chatId)
    const text = this.#port.text(chatId)
    this.#busy.set(chatId, text)
    const outcome = await this.#port.put(chatId, { text, version: before.version })
    this.#busy.delete(chatId)
    if (outcome.ok) {
      // The event may have come before the answer, and with a later version.
      if (outcome.value.version > this.#of(chatId).version) this.#agree(chatId, outcome.value)
      this.typed(chatId)
    } else if (outcome.problem.code === 'conflict') this.#refused(chatId, outcome.problem.details)
    else if (outcome.problem.retryable && outcome.problem.code !== 'offline') this.#later(chatId, RETRY_MS)
  }

  /** Another device was first: what it wrote is known now, and the text here is told over it. */
  #refused(chatId: string, details: Readonly<Record<string, string>> | undefined): void {
    const version = Number(details?.['version'])
    if (!Number.isSafeInteger(version)) return
    this.heard(chatId, { text: details?.['text'] ?? '', version })
    this.typed(chatId)
  }

  /** Words that are in neither the text here nor what was known are kept for the person to take. */
  #conflict(chatId: string, theirs: string, known: string): void {
    const mine = this.#port.text(chatId)
    if (theirs.trim() !== '' && theirs !== known && !mine.includes(theirs.trim())) {
      this.#port.offer(chatId, theirs)
    }
    this.typed(chatId)
  }
}
