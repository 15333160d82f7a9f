import type { Dictionary } from '../../i18n/es.ts'
import { fold } from '../fold.ts'
import type { Candidate } from './completion.ts'

/** What `/` offers at the beginning of a message: pieces of text, nothing that acts behind one's back. */
export function commands(t: Dictionary, word: string): Candidate[] {
  const { write } = t.talk
  const all: Candidate[] = [
    { key: 'shrug', insert: '¯\\\\_(ツ)_/¯', label: '/shrug', hint: write.shrug, glyph: '🤷' },
    { key: 'me', insert: '__', caret: 1, label: '/me', hint: write.me, glyph: '✳️' },
    { key: 'quote', insert: '> ', label: '/cita', hint: write.quote, glyph: '❝' },
    { key: 'code', insert: '```\n\n```', caret: 4, label: '/codigo', hint: write.code, glyph: '⌨️' },
    { key: 'list', insert: '- ', label: '/lista', hint: write.list, glyph: '•' },
  ]
  const wanted = fold(word)
  return all.filter(({ key, label }) => key.startsWith(wanted) || fold(label.slice(1)).startsWith(wanted))
}
