import type { ChatRow } from '../../store/contract.ts'

/** How many chats with unread messages lie out of sight on each side. */
export interface Outside {
  above: number
  below: number
}

/** What of the list is on screen, in pixels; its rows have one height. */
export interface Sight {
  top: number
  height: number
  row: number
}

export const NOWHERE: Sight = { top: 0, height: 0, row: 0 }

export function sightOf(list: HTMLElement): Sight {
  return {
    top: list.scrollTop,
    height: list.clientHeight,
    row: list.querySelector('li')?.offsetHeight ?? 0,
  }
}

export function unreadOutside(rows: readonly ChatRow[], { top, height, row }: Sight): Outside {
  if (row === 0 || height === 0) return { above: 0, below: 0 }
  const first = Math.floor((top + row / 2) / row)
  const last = Math.floor((top + height - row / 2) / row)
  const unread = (each: ChatRow) => each.unread > 0 && !each.muted
  return {
    above: rows.slice(0, first).filter(unread).length,
    below: rows.slice(last + 1).filter(unread).length,
  }
}
