import type { ChatRow } from '../../store/contract.ts'

/** How many chats with unread messages lie out of sight on each side. */
export interface Outside {
  above: number
  below: number
}

/** Reads the scroll position of the list; rows have one height. */
export function unreadOutside(rows: readonly ChatRow[], list: HTMLElement): Outside {
  const height = list.querySelector('li')?.offsetHeight ?? 0
  if (height === 0) return { above: 0, below: 0 }
  const first = Math.floor((list.scrollTop + height / 2) / height)
  const last = Math.floor((list.scrollTop + list.clientHeight - height / 2) / height)
  const unread = (row: ChatRow) => row.unread > 0 && !row.muted
  return {
    above: rows.slice(0, first).filter(unread).length,
    below: rows.slice(last + 1).filter(unread).length,
  }
}
