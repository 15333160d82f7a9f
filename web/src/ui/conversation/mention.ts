import type { User } from '../../protocol/wire.ts'
import { fold } from '../fold.ts'

/** The `@word` that the caret stands in: where it begins and what has been typed of it. */
export interface MentionQuery {
  start: number
  word: string
}

/** Somebody, or everybody, offered for a mention. */
export interface Candidate {
  name: string
  label: string
  userId: string | null
}

const OPEN_MENTION = /(?:^|[\s([{"'«¿¡])@([\p{L}\p{N}._-]{0,32})$/u
const MOST = 8

export function mentionQuery(text: string, caret: number): MentionQuery | null {
  const match = OPEN_MENTION.exec(text.slice(0, caret))
  const word = match?.[1]
  return word === undefined ? null : { start: caret - word.length - 1, word }
}

/** Puts the mention in place of the word; answers the text and where the caret goes. */
export function insertMention(
  text: string,
  query: MentionQuery,
  name: string,
): { text: string; caret: number } {
  const end = query.start + 1 + query.word.length
  const before = `${text.slice(0, query.start)}@${name} `
  return { text: before + text.slice(end).replace(/^ /, ''), caret: before.length }
}

/** Whose username or any word of whose name begins with the word, at most eight. */
export function candidates(users: readonly User[], word: string, all: Candidate | null): Candidate[] {
  const wanted = fold(word)
  const found = users
    .filter((user) => matches(user, wanted))
    .map((user) => ({ name: user.username, label: user.display_name, userId: user.user_id }))
    .sort((one, other) => one.label.localeCompare(other.label))
  const everyone = all !== null && fold(all.name).startsWith(wanted) ? [all] : []
  return [...found, ...everyone].slice(0, MOST)
}

function matches(user: User, wanted: string): boolean {
  const words = [user.username, ...user.display_name.split(/\s+/)]
  return words.some((word) => fold(word).startsWith(wanted))
}
