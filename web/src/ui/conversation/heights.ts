/** How tall rows may be before they are measured; pure. */
import { textOf } from '../../protocol/message.ts'
import type { MessageItem, PendingItem } from '../../store/contract.ts'
import { isVisual, ROW_GAP_PX, ROW_PX, type AnyFile } from '../files/files.ts'
import { layoutOf } from '../files/layout.ts'
import type { Row } from './rows.ts'
import type { Sizes } from './virtual.ts'

/** What fits on a line, and what each part takes, as the styles have it where there is room and nothing is chosen. */
const CHARACTERS = 84
const LINE_PX = 22
const ROOM_PX = 4
const HEAD_PX = 28
const QUOTE_PX = 46
const REACTIONS_PX = 34
const FILES_ROOM_PX = 8
const CARD_PX = 100
const NOTICE_PX = 28
const DIVIDER_PX = 40
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

/** About how tall a row will be. */
export function heightOf(row: Row): number {
  if (row.type !== 'message') return row.type === 'notice' ? NOTICE_PX : DIVIDER_PX
  const { item, head } = row
  const { text, quote, reactions, files } =
    item.type === 'pending'
      ? { text: item.text, quote: item.reply_to, reactions: 0, files: item.files }
      : {
          text: textOf(item.message),
          quote: item.message.reply_to ?? null,
          reactions: item.message.reactions.length,
          files: item.message.files ?? [],
        }
  const around = (head ? HEAD_PX : 0) + (quote === null ? 0 : QUOTE_PX) + (reactions > 0 ? REACTIONS_PX : 0)
  return ROOM_PX + around + contentPx(text, files) + cardPx(item)
}

/** What is behind a link stands in a card below the message. */
function cardPx(item: MessageItem | PendingItem): number {
  return item.type === 'message' && item.message.preview !== undefined ? CARD_PX : 0
}

/** Where there are files and no text there is no line for it. */
function contentPx(text: string, files: readonly AnyFile[]): number {
  if (files.length === 0) return LINE_PX * linesOf(text)
  return filesPx(files) + (text === '' ? 0 : LINE_PX * linesOf(text))
}

function filesPx(files: readonly AnyFile[]): number {
  const visual = files.filter(isVisual)
  const rows = files.length - visual.length
  const { width, ratio } = layoutOf(visual)
  const album = visual.length === 0 ? 0 : Math.round(width / ratio) + FILES_ROOM_PX
  return album + (rows === 0 ? 0 : rows * ROW_PX + (rows - 1) * ROW_GAP_PX + FILES_ROOM_PX)
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
