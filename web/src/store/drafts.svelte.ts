/** Drafts: in memory for the composer, stored on every input event. */
import { SvelteMap } from 'svelte/reactivity'
import type { Draft } from './contract'
import type { StoredDraft } from './db'
import { draftLine, EMPTY_DRAFT, nextDraft, stored, type DraftState } from './drafts'

export interface DraftsPort {
  save(draft: StoredDraft): void
  /** The other tabs have the same in their composers. */
  tell(draft: StoredDraft): void
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
    this.#port.save(this.#show(chatId, nextDraft(this.#state(chatId), draft)))
  }

  /**
   * What was sent is no draft any more; text put aside for an edit comes back. Answers the row for the
   * caller to store together with what was sent.
   */
  sent(chatId: string): StoredDraft {
    return this.#show(chatId, nextDraft(this.#state(chatId), EMPTY_DRAFT))
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

  #state(chatId: string): DraftState {
    return this.#drafts.get(chatId) ?? { draft: EMPTY_DRAFT, parked: null }
  }

  #show(chatId: string, state: DraftState): StoredDraft {
    const row = stored(chatId, state)
    this.#drafts.set(chatId, state)
    this.#port.tell(row)
    this.#port.changed(chatId)
    return row
  }
}
