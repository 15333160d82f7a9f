/** Whether a jump has arrived; pure. */
import type { VirtualHandle } from './virtual.ts'

/** A row that is to be shown, where on the screen, and how often that fell short. */
export interface Aim {
  key: string
  align: 'start' | 'center'
  offset: number
  tries: number
}

export type Measured = Pick<
  VirtualHandle,
  'getScrollOffset' | 'getViewportSize' | 'getItemOffset' | 'getItemSize'
>

/** Some of that row is in the viewport, by what the list knows; a row that is gone need not be. */
export function onScreen(list: Measured, rows: readonly { key: string }[], key: string): boolean {
  const index = rows.findIndex((row) => row.key === key)
  if (index === -1) return true
  const top = list.getItemOffset(index) - list.getScrollOffset()
  return top + list.getItemSize(index) > 0 && top < list.getViewportSize()
}
