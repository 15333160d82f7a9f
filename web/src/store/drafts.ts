/** What stands in the composers; pure. */
import type { Draft } from './contract'
import type { StoredDraft } from './db'

export const EMPTY_DRAFT: Draft = { text: '', reply_to: null, editing: null }

/** A draft, and the new text that waits while a message is being edited. */
export interface DraftState {
  draft: Draft
  parked: Draft | null
}

/** Beginning to edit puts the unsent text aside; ending brings it back. */
export function nextDraft(old: DraftState, draft: Draft): DraftState {
  const begins = old.draft.editing === null && draft.editing !== null
  if (begins) return { draft, parked: isEmpty(old.draft) ? null : old.draft }
  const ends = old.draft.editing !== null && draft.editing === null
  if (ends && draft.text === '' && old.parked !== null) return { draft: old.parked, parked: null }
  return { draft, parked: draft.editing === null ? null : old.parked }
}

export function isEmpty(draft: Draft): boolean {
  return draft.text === '' && draft.reply_to === null && draft.editing === null
}

/** The unsent text that the list shows; an edit is none. */
export function draftLine(state: DraftState | undefined): string | null {
  const unsent = state?.draft.editing === null ? state.draft : state?.parked
  const text = unsent?.text.trim() ?? ''
  return text === '' ? null : text
}

export function stored(chatId: string, { draft, parked }: DraftState): StoredDraft {
  return { chat_id: chatId, draft, parked }
}
