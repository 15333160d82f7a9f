/** Drafts: in memory for the composer, stored on every input event, told to the person's other devices. */
import { SvelteMap } from 'svelte/reactivity'
import type { Draft, Outcome } from './contract'
import type { StoredDraft } from './db'
import type { DraftSync, SharedDraft } from './draft-sync'
import {
  draftLine,
  EMPTY_DRAFT,
  nextDraft,
  NO_DRAFT,
  restored,
  stored,
  unsentText,
  withReturned,
  withUnsent,
  wordsOf,
  type DraftState,
} from './drafts'

export interface DraftsPort {
  save(draft: StoredDraft): void
  /** The other tabs have the same in their composers. */
  tell(draft: StoredDraft): void
  /** The list shows another draft line, or none. */
  changed(chatId: string): void
  put(chatId: string, draft: SharedDraft): Promise<Outcome<SharedDraft>>
  now(): number
}

export class Drafts {
  readonly #port: DraftsPort
  readonly #drafts = new SvelteMap<string, DraftState>()
  /** Null before there is anything that talks to the server. */
  #sync: DraftSync | null = null
  /** What was heard until then; null where something was only typed. */
  readonly #early = new Map<string, SharedDraft | null>()
  /** Chats that I am not in any more and that have words of mine, by what they were called. */
  readonly left = new SvelteMap<string, string>()

  constructor(port: DraftsPort) {
    this.#port = port
  }

  /** What tells the other devices is there: it learns what stands here, and what has been missed. */
  follow(make: typeof DraftSync): void {
    if (this.#sync !== null) return
    const sync = new make({
      put: (chatId, draft) => this.#port.put(chatId, draft),
      text: (chatId) => unsentText(this.#state(chatId)),
      show: (chatId, text) => this.#keep(chatId, withUnsent(this.#state(chatId), text)),
      offer: (chatId, other) => this.#keep(chatId, { ...this.#state(chatId), other }),
      offered: (chatId) => this.other(chatId),
      agreed: (chatId, agreed) => this.#keep(chatId, { ...this.#state(chatId), agreed }),
    })
    this.#sync = sync
    for (const [chatId, { agreed }] of this.#drafts) if (agreed !== null) sync.restore(chatId, agreed)
    for (const [chatId, draft] of this.#early)
      if (draft === null) sync.typed(chatId)
      else sync.heard(chatId, draft)
    this.#early.clear()
  }

  of(chatId: string): Draft {
    return this.#drafts.get(chatId)?.draft ?? EMPTY_DRAFT
  }

  other(chatId: string): string | null {
    return this.#drafts.get(chatId)?.other ?? null
  }

  line(chatId: string): string | null {
    return draftLine(this.#drafts.get(chatId))
  }

  set(chatId: string, draft: Draft): void {
    this.#keep(chatId, nextDraft(this.#state(chatId), draft))
    this.#typed(chatId)
  }

  /**
   * What was sent is no draft any more; text put aside for an edit comes back. Answers the row for the
   * caller to store together with what was sent.
   */
  sent(chatId: string): StoredDraft {
    const row = this.#show(chatId, nextDraft(this.#state(chatId), EMPTY_DRAFT))
    this.#typed(chatId)
    return row
  }

  /** A message is not to be sent, and no word of it goes. */
  giveBack(chatId: string, message: Omit<Draft, 'editing'>): void {
    this.#keep(chatId, withReturned(this.#state(chatId), message))
    this.#typed(chatId)
  }

  /** What the other device wrote takes the place of the text here, or goes. */
  settleOther(chatId: string, take: boolean): void {
    const state = this.#state(chatId)
    const text = state.other
    if (text === null) return
    this.#keep(chatId, { ...(take ? withUnsent(state, text) : state), other: null })
    this.#typed(chatId)
  }

  /** The server's draft, from the list or as an event. */
  heard(chatId: string, draft: SharedDraft): void {
    if (this.#sync === null) this.#early.set(chatId, draft)
    else this.#sync.heard(chatId, draft)
  }

  /** `leads`: also what a former page left untold. */
  connected(leads: boolean): void {
    if (leads) this.#sync?.connected([...this.#drafts.keys()].filter((chatId) => !this.left.has(chatId)))
  }

  /** The page may go. */
  flush(): void {
    this.#sync?.flush()
  }

  /** Read late: what is being typed already wins. */
  restore(drafts: readonly StoredDraft[]): void {
    for (const row of drafts) {
      if (this.#drafts.has(row.chat_id)) continue
      this.#take(row)
    }
  }

  /** Another tab wrote it and has stored it. */
  adopt(row: StoredDraft): void {
    this.#take(row)
  }

  /** I am not in it any more; `waits`: words of mine wait to be sent there. Answers whether any stay. */
  leave(chatId: string, title: string, waits: boolean): boolean {
    const state = this.#state(chatId)
    const stays = waits || wordsOf(state).length > 0
    this.#sync?.drop(chatId)
    this.#early.delete(chatId)
    if (stays) this.#keep(chatId, { ...state, left: title })
    else this.#drop(chatId)
    return stays
  }

  /** These words were put away, and are wanted after all. */
  keepLeft(chatId: string, title: string, text: string): void {
    this.#keep(chatId, { ...NO_DRAFT, draft: { ...EMPTY_DRAFT, text }, left: title })
  }

  words(chatId: string): string[] {
    return wordsOf(this.#state(chatId))
  }

  /** Nothing stands there any more, in no tab and on no disk. */
  drop(chatId: string): void {
    this.#keep(chatId, NO_DRAFT)
  }

  #drop(chatId: string): void {
    this.#drafts.delete(chatId)
    this.left.delete(chatId)
  }

  clear(): void {
    this.#drafts.clear()
    this.left.clear()
    this.#sync?.clear()
    this.#early.clear()
  }

  #typed(chatId: string): void {
    if (this.#sync !== null) this.#sync.typed(chatId)
    else if (!this.#early.has(chatId)) this.#early.set(chatId, null)
  }

  #take(row: StoredDraft): void {
    const state = restored(row)
    this.#put(row.chat_id, state)
    if (state.agreed !== null) this.#sync?.restore(row.chat_id, state.agreed)
    this.#port.changed(row.chat_id)
  }

  #state(chatId: string): DraftState {
    return this.#drafts.get(chatId) ?? NO_DRAFT
  }

  #put(chatId: string, state: DraftState): void {
    this.#drafts.set(chatId, state)
    if (state.left === null) this.left.delete(chatId)
    else this.left.set(chatId, state.left)
  }

  #keep(chatId: string, state: DraftState): void {
    this.#port.save(this.#show(chatId, state))
  }

  #show(chatId: string, changed: DraftState): StoredDraft {
    const state = { ...changed, at: Math.max(this.#port.now(), changed.at + 1) }
    const row = stored(chatId, state)
    this.#put(chatId, state)
    this.#port.tell(row)
    this.#port.changed(chatId)
    return row
  }
}
