/** Photos made small enough for a screen, on this device, before they are sent. */
import { fitted } from './zoom.ts'

const LONG_SIDE = 2048
const QUALITY = 0.82
/** Moving pictures would stand still, and these are small already. */
const KINDS = ['image/jpeg', 'image/png', 'image/webp']
const WORTH_BYTES = 200_000

export interface Shrunk {
  blob: Blob
  width: number
  height: number
}

export function mayShrink({ type, size }: { type: string; size: number }): boolean {
  return KINDS.includes(type) && size > WORTH_BYTES
}

/** Null where it would not become smaller, or this browser cannot. */
export async function shrunk(blob: Blob): Promise<Shrunk | null> {
  try {
    const picture = await createImageBitmap(blob)
    const size = fitted(picture, { width: LONG_SIDE, height: LONG_SIDE })
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(size.width)
    canvas.height = Math.round(size.height)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    // What is drawn with sharp edges or see-through parts must not become a photo.
    const type = blob.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp'
    const small = await encoded(canvas, type)
    if (small?.type !== type || small.size > blob.size * 0.9) return null
    return { blob: small, width: canvas.width, height: canvas.height }
  } catch {
    return null
  }
}

export function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY))
}
