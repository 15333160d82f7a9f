import type { ChatRow } from '../../store/contract.ts'
import { rank } from '../dialogs/switching.ts'
import { chatPath } from '../route.ts'
import type { Candidate } from './completion.ts'

const MOST = 8

/**
 * Groups and channels that the word fits, as links that open here for whoever is in them. Direct chats are
 * nobody else's, so a link to one leads nowhere.
 */
export function chatReferences(
  rows: readonly ChatRow[],
  word: string,
  origin: string,
  nameOf: (kind: string) => string,
): Candidate[] {
  const shared = rows.filter((row) => row.chat.kind !== 'direct' && row.title !== '')
  return rank(shared, word)
    .slice(0, MOST)
    .map((row) => ({
      key: row.chat_id,
      insert: `[#${escaped(row.title)}](${origin}${chatPath(row.chat_id)}) `,
      label: row.title,
      hint: nameOf(row.chat.kind),
      glyph: '#',
    }))
}

/** A title as it stands, whatever marks are in it; the text of a link holds no square brackets. */
function escaped(title: string): string {
  const round = title.replaceAll('[', '(').replaceAll(']', ')')
  return round.replaceAll(/[\\`*_~[\]()<>@]/gu, (mark) => `\\${mark}`)
}
