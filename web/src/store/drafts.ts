/** What stands in the composers; pure. */
import type { Draft } from './contract'
import type { StoredDraft } from './db'
import type { SharedDraft } from './draft-sync'

export const EMPTY_DRAFT: Draft = { text: '', reply_to: null, editing: null }

export interface DraftState {
  draft: Draft
  /** The new text that waits while a message is being edited. */
  parked: Draft | null
  /** What the server has, as far as this device knows. */
  agreed: SharedDraft | null
  /** What another device wrote at the same time; offered until it is taken or put away. */
  other: string | null
  /** What the conversation was called that I am not in any more: words stay here until they are put away. */
  left: string | null
  /** When it became what it is, in epoch milliseconds; later than whatever it was before. */
  at: number
}

export const NO_DRAFT: DraftState = {
  draft: EMPTY_DRAFT,
  parked: null,
  agreed: null,
  other: null,
  left: null,
  at: 0,
}

/** Beginning to edit puts the unsent text aside; ending brings it back. Who writes there is in it. */
export function nextDraft(before: DraftState, draft: Draft): DraftState {
  const old = { ...before, left: null }
  const begins = old.draft.editing === null && draft.editing !== null
  if (begins) return { ...old, draft, parked: isEmpty(old.draft) ? null : old.draft }
  const ends = old.draft.editing !== null && draft.editing === null
  if (ends && draft.text === '' && old.parked !== null) return { ...old, draft: old.parked, parked: null }
  return { ...old, draft, parked: draft.editing === null ? null : old.parked }
}

/** The unsent new text; an edit is none. */
export function unsentText({ draft, parked }: DraftState): string {
  return (draft.editing === null ? draft : parked)?.text ?? ''
}

/** With another text where the unsent one stood; an edit and a reply stay. */
export function withUnsent(state: DraftState, text: string): DraftState {
  if (state.draft.editing === null) return { ...state, draft: { ...state.draft, text } }
  const parked = { ...(state.parked ?? EMPTY_DRAFT), text }
  return { ...state, parked: isEmpty(parked) ? null : parked }
}

/** What was on its way stands before what is written there now; an edit stays. */
export function withReturned(
  state: DraftState,
  { text, reply_to, files = [] }: Omit<Draft, 'editing'>,
): DraftState {
  const { draft, parked } = state
  const now = (draft.editing === null ? draft : parked) ?? EMPTY_DRAFT
  const all = [...files, ...(now.files ?? [])]
  const both: Draft = {
    ...now,
    ...(all.length === 0 ? {} : { files: all }),
    text: [text, now.text].filter((each) => each.trim() !== '').join('\n\n'),
    reply_to: now.reply_to ?? reply_to,
  }
  return draft.editing === null ? { ...state, draft: both } : { ...state, parked: both }
}

export function isEmpty(draft: Draft): boolean {
  return draft.text === '' && draft.reply_to === null && draft.editing === null && !hasFiles(draft)
}

function hasFiles({ files = [] }: Draft): boolean {
  return files.length > 0
}

/** The unsent text that the list shows; without one, the names of what is to be sent. */
export function draftLine(state: DraftState | undefined): string | null {
  if (state === undefined) return null
  const { files = [] } = (state.draft.editing === null ? state.draft : state.parked) ?? {}
  return unsentText(state).trim() || files.map(({ name }) => name).join(', ') || null
}

/** All of it that a person would miss, with the names of what was to be sent with it. */
export function wordsOf({ draft, parked, other }: DraftState): string[] {
  return [parked, draft]
    .map((each) => words(each ?? EMPTY_DRAFT))
    .concat(other ?? '')
    .filter(Boolean)
}

export function words({ text, files = [] }: Pick<Draft, 'text' | 'files'>): string {
  return [text.trim(), ...files.map(({ name }) => name)].filter(Boolean).join('\n')
}

export function stored(chatId: string, state: DraftState): StoredDraft {
  return { chat_id: chatId, ...state }
}

/** Rows of former versions know less. */
export function restored(row: StoredDraft): DraftState {
  const { draft, parked, agreed = null, other = null, left = null, at = 0 } = row
  return { draft, parked, agreed, other, left, at }
}

/** Nothing that a later page would miss: an empty composer that the server still holds to be full is something. */
export function isNothing({ draft, parked, agreed, other = null, left = null }: StoredDraft): boolean {
  return isEmpty(draft) && (parked ?? other ?? left) === null && (agreed?.text ?? '') === ''
}
