import type { User } from '../../protocol/wire.ts'
import { fold } from '../fold.ts'
import type { Candidate } from './completion.ts'

const MOST = 8

/** Whose username or any word of whose name begins with the word, at most eight; `all` where one may call everybody. */
export function candidates(users: readonly User[], word: string, all: string | null): Candidate[] {
  const wanted = fold(word)
  const found = users
    .filter((user) => matches(user, wanted))
    .map(personal)
    .sort((one, other) => one.label.localeCompare(other.label))
  const everyone = { key: 'all', insert: '@all ', label: '@all', hint: all ?? '' }
  return [...found, ...(all !== null && 'all'.startsWith(wanted) ? [everyone] : [])].slice(0, MOST)
}

function personal({ user_id, username, display_name }: User): Candidate {
  const label = display_name === '' ? username : display_name
  return { key: user_id, insert: `@${username} `, label, hint: `@${username}`, userId: user_id }
}

function matches(user: User, wanted: string): boolean {
  const words = [user.username, ...user.display_name.split(/\s+/)]
  return words.some((word) => fold(word).startsWith(wanted))
}
