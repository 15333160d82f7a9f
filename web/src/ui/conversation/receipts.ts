import type { TimelineView } from '../../store/contract.ts'

/** The key of my newest message that the other person has read; null when there is none. */
export function lastReadKey(view: TimelineView, peerId: string | undefined): string | null {
  const read = peerId === undefined ? undefined : view.receipts.get(peerId)
  if (read === undefined) return null
  const item = view.items.findLast((each) => each.type === 'message' && each.mine && each.message.n <= read)
  return item?.key ?? null
}
