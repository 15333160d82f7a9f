import type { ChatRow } from '../../store/contract.ts'
import { fold } from '../fold.ts'

/**
 * Chats that the words fit, best first: the title begins with them, a word of it does, they are in it.
 * Blind to accents and case. Equals stay in the order of the list, so the latest comes first; without
 * words, those with something unread come before it.
 */
export function rank(
  rows: readonly ChatRow[],
  typed: string,
  titleOf = ({ title }: ChatRow) => title,
): ChatRow[] {
  const words = fold(typed.trim()).split(/\s+/u).filter(Boolean)
  if (words.length === 0)
    return [...rows.filter((row) => row.unread > 0), ...rows.filter((row) => row.unread === 0)]
  const scored = rows.map((row) => ({ row, score: scoreOf(fold(titleOf(row)), words) }))
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ row }) => row)
}

function scoreOf(title: string, words: readonly string[]): number {
  const parts = title.split(/[\s._-]+/u)
  const scores = words.map((word) => {
    if (title.startsWith(word)) return 3
    if (parts.some((part) => part.startsWith(word))) return 2
    return title.includes(word) ? 1 : 0
  })
  return scores.includes(0) ? 0 : scores.reduce<number>((sum, score) => sum + score, 0)
}
