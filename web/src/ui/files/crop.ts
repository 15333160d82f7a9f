/** Which square of a picture becomes the face; pure. */
import type { Look } from './zoom.ts'

export interface Square {
  x: number
  y: number
  side: number
}

/** `frame`: the side of the square on screen; at scale 1 the picture's short side fills it. */
export function squareOf(look: Look, picture: { width: number; height: number }, frame: number): Square {
  const short = Math.min(picture.width, picture.height)
  const side = short / look.scale
  const perPixel = side / frame
  return {
    x: clamp(picture.width / 2 - look.x * perPixel - side / 2, picture.width - side),
    y: clamp(picture.height / 2 - look.y * perPixel - side / 2, picture.height - side),
    side,
  }
}

/** How large the picture is on screen at scale 1. */
export function covering(
  picture: { width: number; height: number },
  frame: number,
): { width: number; height: number } {
  const scale = frame / Math.min(picture.width, picture.height)
  return { width: picture.width * scale, height: picture.height * scale }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(0, most), Math.max(0, value))
}
