/** Drafts: in memory for the composer, stored on every input event. */
import { SvelteMap } from 'svelte/reactivity'
import type { Draft } from './contract'
import type { StoredDraft } from './db'
import { draftLine, EMPTY_DRAFT, isEmpty, nextDraft, stored, type DraftState } from './drafts'

export interface DraftsPort {
  save(draft: StoredDraft): void
  erase(chatId: string): void
  /** The list shows another draft line, or none. */
  changed(chatId: string): void
}

export class Drafts {
  readonly #port: DraftsPort
  readonly #drafts = new SvelteMap<string, DraftState>()

  constructor(port: DraftsPort) {
    this.#port = port
  }

  of(chatId: string): Draft {
    return this.#drafts.get(chatId)?.draft ?? EMPTY_DRAFT
  }

  line(chatId: string): string | null {
    return draftLine(this.#drafts.get(chatId))
  }

  set(chatId: string, draft: Draft): void {
    this.#put(chatId, nextDraft(this.#drafts.get(chatId) ?? { draft: EMPTY_DRAFT, parked: null }, draft))
  }

  /** What was sent is no draft any more; text put aside for an edit comes back. */
  sent(chatId: string): void {
    this.set(chatId, EMPTY_DRAFT)
  }

  /** Read late: what is being typed already wins. */
  restore(drafts: readonly StoredDraft[]): void {
    for (const { chat_id, draft, parked } of drafts) {
      if (this.#drafts.has(chat_id)) continue
      this.#drafts.set(chat_id, { draft, parked })
      this.#port.changed(chat_id)
    }
  }

  /** Another tab wrote it and has stored it. */
  adopt({ chat_id, draft, parked }: StoredDraft): void {
    this.#drafts.set(chat_id, { draft, parked })
    this.#port.changed(chat_id)
  }

  drop(chatId: string): void {
    this.#drafts.delete(chatId)
  }

  clear(): void {
    this.#drafts.clear()
  }

  #put(chatId: string, state: DraftState): void {
    this.#drafts.set(chatId, state)
    if (isEmpty(state.draft) && state.parked === null) this.#port.erase(chatId)
    else this.#port.save(stored(chatId, state))
    this.#port.changed(chatId)
  }
}
