import type { TimelineView } from '../../store/contract.ts'

/** How far one of my messages has got: how many have read it, and its number. */
export interface Reach {
  readers: number
  n: number
}

/** By key: my newest message, and my newest that somebody has read. The others say nothing, since these say it. */
export function reaches(
  view: Pick<TimelineView, 'items' | 'receipts'>,
  me: string,
): ReadonlyMap<string, Reach> {
  const marks = [...view.receipts].flatMap(([userId, n]) => (userId === me ? [] : [n]))
  const furthest = Math.max(0, ...marks)
  const found = new Map<string, Reach>()
  for (let at = view.items.length - 1; at >= 0; at -= 1) {
    const item = view.items[at]
    if (item?.type !== 'message' || !item.mine || item.message.deleted) continue
    const { n } = item.message
    if (found.size === 0 || n <= furthest)
      found.set(item.key, { n, readers: marks.filter((mark) => mark >= n).length })
    if (n <= furthest) break
  }
  return found
}
