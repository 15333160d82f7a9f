import type { Dictionary } from '../../i18n/es.ts'
import { undirected } from '../../markdown/direction.ts'
import type { Preview } from '../../store/contract.ts'

/** What was sent where there are no words: "3 photos", a name. */
export function sentText({ talk }: Pick<Dictionary, 'talk'>, files: Preview['files']): string {
  const [first] = files
  if (first === undefined) return ''
  const alike = files.every(({ kind }) => kind === first.kind)
  if (!alike) return talk.sent.files(files.length)
  if (first.kind === 'voice') return talk.sent.voice
  if (first.kind !== 'file') return talk.sent[first.kind](files.length)
  return files.length === 1 ? undirected(first.name) : talk.sent.files(files.length)
}
