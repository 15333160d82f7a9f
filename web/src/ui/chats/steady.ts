import type { ChatRow } from '../../store/contract.ts'

/**
 * The lines in the order in which they stood while somebody points at them, so that none moves from under the
 * pointer; what is new comes after them. Without an order to keep they are as they are.
 */
export function steady(rows: readonly ChatRow[], order: readonly string[] | null): readonly ChatRow[] {
  if (order === null) return rows
  const place = new Map(order.map((chatId, index) => [chatId, index]))
  const placeOf = ({ chat_id }: ChatRow) => place.get(chat_id) ?? Infinity
  return [...rows].sort((one, other) => {
    const [here, there] = [placeOf(one), placeOf(other)]
    return here === there ? 0 : here - there
  })
}
