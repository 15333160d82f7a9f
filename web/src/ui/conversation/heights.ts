/** How tall rows may be before they are measured; pure. */
import { textOf } from '../../protocol/message.ts'
import type { Row } from './rows.ts'
import type { Sizes } from './virtual.ts'

/** About what fits on a line, and what a line and the room around a message take. */
const CHARACTERS = 84
const LINE_PX = 22
const ROOM_PX = 12
const QUIET_PX = 32
/** Of a long message no more is shown until somebody asks. */
const LINES_MAX = 28

/**
 * The height of each row, and that of one that comes later. A few pixels amiss are put right when it is measured.
 * Whole pixels: WebKit scrolls by nothing less, and rows put above what is read would move it by the rest.
 */
export function expectedSizes(rows: readonly Row[]): Sizes {
  const sizes = rows.map(heightOf)
  const usual = sizes.reduce((sum, height) => sum + height, 0) / Math.max(1, sizes.length)
  return [sizes, Math.round(usual) || LINE_PX]
}

function heightOf(row: Row): number {
  if (row.type !== 'message') return QUIET_PX
  const text = row.item.type === 'message' ? textOf(row.item.message) : row.item.text
  return ROOM_PX + LINE_PX * (linesOf(text) + (row.head ? 1 : 0))
}

function linesOf(text: string): number {
  let lines = 0
  let start = 0
  while (start <= text.length && lines < LINES_MAX) {
    const end = text.indexOf('\n', start)
    const stop = end === -1 ? text.length : end
    lines += Math.max(1, Math.ceil((stop - start) / CHARACTERS))
    start = stop + 1
  }
  return Math.min(lines, LINES_MAX)
}
