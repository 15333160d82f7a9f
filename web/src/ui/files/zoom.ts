/** How far in, and where, one looks at a picture; pure. Lengths in pixels from the middle of the screen. */

export interface Look {
  scale: number
  x: number
  y: number
}

export interface Stage {
  /** Of the screen. */
  width: number
  height: number
  /** Of the picture as it fits the screen. */
  shownWidth: number
  shownHeight: number
}

export const WHOLE: Look = { scale: 1, x: 0, y: 0 }
const MOST = 8

/** Nearer or farther by that factor, with the point under the fingers where it is. */
export function zoomed(look: Look, factor: number, stage: Stage, at = { x: 0, y: 0 }): Look {
  const scale = Math.min(MOST, Math.max(1, look.scale * factor))
  const grown = scale / look.scale
  return held({ scale, x: at.x - (at.x - look.x) * grown, y: at.y - (at.y - look.y) * grown }, stage)
}

export function moved(look: Look, by: { x: number; y: number }, stage: Stage): Look {
  return held({ ...look, x: look.x + by.x, y: look.y + by.y }, stage)
}

/** No edge of the picture comes into the screen further than it must. */
function held({ scale, x, y }: Look, { width, height, shownWidth, shownHeight }: Stage): Look {
  const room = (shown: number, whole: number) => Math.max(0, (shown * scale - whole) / 2)
  const [across, down] = [room(shownWidth, width), room(shownHeight, height)]
  return { scale, x: clamp(x, across), y: clamp(y, down) }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value)) || 0
}

/** As large as fits, and no larger than it is. */
export function fitted(
  picture: { width: number; height: number },
  screen: { width: number; height: number },
): { width: number; height: number } {
  const scale = Math.min(1, screen.width / picture.width, screen.height / picture.height)
  return { width: picture.width * scale, height: picture.height * scale }
}
