import type { Dictionary } from '../../i18n/es.ts'
import type { SentFile } from '../../protocol/wire.ts'
import { iconOf } from '../files/kind-icon.ts'
import { sentText } from '../files/sent-text.ts'
import type { IconName } from '../icons.ts'
import { rangesOf, type Range } from './pieces.ts'

/** More of one message say no more of why it was found. */
const MOST = 3

export interface FoundFile {
  icon: IconName
  text: string
  /** What fits in the text, in code points. */
  ranges: readonly Range[]
}

/** What a hit shows of its files: those whose names fit or, where none does, in one line what was sent. */
export function foundFiles(
  t: Pick<Dictionary, 'talk'>,
  files: readonly SentFile[],
  words: readonly string[],
): FoundFile[] {
  const [first] = files
  if (first === undefined) return []
  // Nobody has given a voice note its name.
  const named = files
    .filter(({ kind }) => kind !== 'voice')
    .map((file) => ({ icon: iconOf(file), text: file.name, ranges: rangesOf(file.name, words) }))
    .filter(({ ranges }) => ranges.length > 0)
  if (named.length > 0) return named.slice(0, MOST)
  const icon = first.kind === 'voice' ? 'mic' : iconOf(first)
  return [{ icon, text: sentText(t, files), ranges: [] }]
}
