/** A rectangle in the coordinates of the window. */
export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export interface Size {
  width: number
  height: number
}

const MARGIN = 8
const GAP = 4

/** Where a floating box goes: under its anchor, over it where there is no room, never outside the window. */
export function place(
  anchor: Box,
  floating: Size,
  window: Size,
  align: 'start' | 'end',
): { left: number; top: number } {
  const wished = align === 'start' ? anchor.left : anchor.right - floating.width
  const below = anchor.bottom + GAP
  const above = anchor.top - GAP - floating.height
  const fits = below + floating.height + MARGIN <= window.height || above < MARGIN
  return {
    left: clamp(wished, window.width - floating.width - MARGIN),
    top: clamp(fits ? below : above, window.height - floating.height - MARGIN),
  }
}

function clamp(value: number, most: number): number {
  return Math.max(MARGIN, Math.min(value, most))
}
