import { fold } from '../fold.ts'

/** Whether a text holds every word of the query, blind to case and accents; null for an empty query. */
export function matcher(query: string): ((text: string) => boolean) | null {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return null
  return (text) => {
    const folded = fold(text)
    return words.every((word) => folded.includes(word))
  }
}

export interface Piece {
  before: string
  match: string
  after: string
}

const LEAD = 40

/** The part of the text where the first word of the query stands, which is in `match`. */
export function around(text: string, query: string): Piece {
  const word =
    fold(query)
      .split(/\s+/)
      .find((each) => each !== '') ?? ''
  const characters = Array.from(text)
  const { from, to } = place(characters, word)
  if (to === 0) return { before: text, match: '', after: '' }
  const start = Math.max(0, from - LEAD)
  const before = characters.slice(start, from).join('')
  return {
    before: start > 0 ? `…${before}` : before,
    match: characters.slice(from, to).join(''),
    after: characters.slice(to).join(''),
  }
}

/** In characters of the text: folding may change how many there are. */
function place(characters: readonly string[], word: string): { from: number; to: number } {
  const starts: number[] = []
  let folded = ''
  for (const [index, character] of characters.entries()) {
    const piece = fold(character)
    starts.push(...Array<number>(piece.length).fill(index))
    folded += piece
  }
  const at = word === '' ? -1 : folded.indexOf(word)
  if (at === -1) return { from: 0, to: 0 }
  const last = starts[at + word.length - 1] ?? 0
  return { from: starts[at] ?? 0, to: last + 1 }
}
