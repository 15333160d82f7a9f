import type { Format } from '../../i18n/format.ts'
import { textOf } from '../../protocol/message.ts'
import type { TimelineItem } from '../../store/contract.ts'
import type { Ui } from '../ui.svelte.ts'

/** One message as it stands in a text that was copied. */
export interface Line {
  name: string
  at: string
  text: string
}

/** Several messages as plain text: who wrote what and when, oldest first. */
export function transcript(lines: readonly Line[], format: Format): string {
  return lines.map(({ name, at, text }) => `[${format.stamp(at)}] ${name}: ${text}`).join('\n')
}

/** The messages that a selection touches, with the part of each that is in it; null where it is inside one. */
export function selectedParts(
  selection: Selection | null,
  list: Element,
): { key: string; text: string | null }[] | null {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const rows = [...list.querySelectorAll<HTMLElement>('article[data-key]')].filter((row) =>
    range.intersectsNode(row),
  )
  if (rows.length < 2) return null
  return rows.map((row) => ({ key: row.dataset['key'] ?? '', text: partOf(row, range) }))
}

/** Null for a message that is in the selection whole. */
function partOf(row: HTMLElement, range: Range): string | null {
  const body = row.querySelector('.markdown')
  if (body === null) return null
  const whole = document.createRange()
  whole.selectNodeContents(body)
  const starts = range.compareBoundaryPoints(Range.START_TO_START, whole) <= 0
  const ends = range.compareBoundaryPoints(Range.END_TO_END, whole) >= 0
  if (starts && ends) return null
  if (!starts) whole.setStart(range.startContainer, range.startOffset)
  if (!ends) whole.setEnd(range.endContainer, range.endOffset)
  return whole.toString().trim()
}

/** The chosen messages, oldest first; a text beside the key stands in place of the whole message. */
export function linesOf(
  ui: Pick<Ui, 'fullName'>,
  items: readonly TimelineItem[],
  chosen: ReadonlyMap<string, string | null>,
): Line[] {
  return items.flatMap((item) => {
    if (item.type !== 'message' || !chosen.has(item.key) || textOf(item.message) === '') return []
    const { sender_id, created_at } = item.message
    return [
      { name: ui.fullName(sender_id), at: created_at, text: chosen.get(item.key) ?? textOf(item.message) },
    ]
  })
}
