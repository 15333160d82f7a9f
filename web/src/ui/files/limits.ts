/** What a message may carry, said before anything is sent. */
import type { FileUsage } from '../../protocol/wire.ts'

export const FILES_MAX = 10

export interface Candidate {
  name: string
  size: number
}

export type Refused =
  | { why: 'too_many' }
  | { why: 'empty'; name: string }
  | { why: 'too_large'; name: string; most: number }
  | { why: 'no_room'; left: number }

/** Those that may go, in their order, and why the others may not; each reason once where it says nothing of a file. */
export function sorted<T extends Candidate>(
  chosen: readonly T[],
  there: readonly Candidate[],
  usage: FileUsage | null,
): { taken: T[]; refused: Refused[] } {
  const taken: T[] = []
  const refused: Refused[] = []
  let left = leftOf(usage) - there.reduce((total, { size }) => total + size, 0)
  for (const file of chosen) {
    const refusal = refusalOf(file, taken.length + there.length, left, usage)
    if (refusal === null) {
      taken.push(file)
      left -= file.size
    } else if (!refused.some(({ why }) => why === refusal.why && !('name' in refusal))) refused.push(refusal)
  }
  return { taken, refused }
}

function refusalOf(file: Candidate, count: number, left: number, usage: FileUsage | null): Refused | null {
  const { name, size } = file
  if (size === 0) return { why: 'empty', name }
  if (usage !== null && size > usage.max_bytes) return { why: 'too_large', name, most: usage.max_bytes }
  if (count >= FILES_MAX) return { why: 'too_many' }
  return size > left ? { why: 'no_room', left: Math.max(0, left) } : null
}

function leftOf(usage: FileUsage | null): number {
  const quota = usage?.quota_bytes ?? null
  return usage === null || quota === null ? Infinity : quota - usage.used_bytes
}
