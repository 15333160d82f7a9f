import { fold } from '../fold.ts'

/** A part of an excerpt; `mark` is what was found. */
export interface Piece {
  text: string
  mark: boolean
}

export type Range = readonly [start: number, end: number]

/** Characters before the first mark. */
const LEAD = 32
const LENGTH = 200

/** The text around the first of these ranges, which count code points. */
export function pieces(text: string, ranges: readonly Range[]): Piece[] {
  const characters = Array.from(text)
  const first = ranges[0]?.[0] ?? 0
  const start = first > LEAD * 2 ? first - LEAD : 0
  const end = Math.min(characters.length, start + LENGTH)
  const found: Piece[] = []
  const add = (from: number, to: number, mark: boolean) => {
    const part = characters.slice(from, to).join('').replaceAll(/\s+/gu, ' ')
    if (part !== '') found.push({ text: part, mark })
  }
  let at = start
  if (start > 0) found.push({ text: '…', mark: false })
  for (const [from, to] of ranges) {
    if (from >= end) break
    add(at, from, false)
    add(Math.max(at, from), Math.min(to, end), true)
    at = Math.min(to, end)
  }
  add(at, end, false)
  if (end < characters.length) found.push({ text: '…', mark: false })
  return found
}

/** Where the words stand in a text that was found here, where no server says it. */
export function rangesOf(text: string, words: readonly string[]): Range[] {
  const starts: number[] = []
  let folded = ''
  for (const [index, character] of Array.from(text).entries()) {
    const piece = fold(character)
    starts.push(...Array<number>(piece.length).fill(index))
    folded += piece
  }
  const found = words.flatMap((word): Range[] => {
    const at = word === '' ? -1 : folded.indexOf(word)
    return at === -1 ? [] : [[starts[at] ?? 0, (starts[at + word.length - 1] ?? 0) + 1]]
  })
  return merged(found.sort(([one], [other]) => one - other))
}

function merged(ranges: readonly Range[]): Range[] {
  const found: Range[] = []
  for (const [start, end] of ranges) {
    const last = found.at(-1)
    if (last !== undefined && start <= last[1]) found[found.length - 1] = [last[0], Math.max(end, last[1])]
    else found.push([start, end])
  }
  return found
}

/** The folded words of a query, wherever they are looked for: without its operators. */
export function wordsOf(query: string): string[] {
  const plain = query.replaceAll(/\p{L}+:\S+/gu, ' ')
  return fold(plain)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** The folded words of a query that can be looked for here; null where only the server knows what it means. */
export function plainWords(query: string): string[] | null {
  if (/["“”]|\p{L}:\S/u.test(query)) return null
  const words = wordsOf(query)
  return words.length === 0 ? null : words
}
