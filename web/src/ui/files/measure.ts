/** What a browser can say of a file before it is sent: how large its picture is, how long it lasts. */
import { kindOf } from '../../protocol/kinds.ts'

export interface Measures {
  width: number | null
  height: number | null
  duration_ms?: number
}

const UNKNOWN: Measures = { width: null, height: null }
/** A damaged film says nothing at all. */
const PATIENCE_MS = 5_000

/** A file that is not what it says it is has no measures; it can be sent all the same. */
export async function measure(file: Blob): Promise<Measures> {
  const kind = kindOf(file)
  if (kind === 'file' || kind === 'voice') return UNKNOWN
  const url = URL.createObjectURL(file)
  const late = new Promise<Measures>((resolve) => setTimeout(() => resolve(UNKNOWN), PATIENCE_MS))
  try {
    return await Promise.race([kind === 'image' ? pictureMeasures(url) : mediaMeasures(url, kind), late])
  } catch {
    return UNKNOWN
  } finally {
    URL.revokeObjectURL(url)
  }
}

function pictureMeasures(url: string): Promise<Measures> {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight })
    image.onerror = () => reject(new Error('no picture'))
    image.src = url
  })
}

function mediaMeasures(url: string, kind: 'video' | 'audio'): Promise<Measures> {
  return new Promise((resolve, reject) => {
    const media = document.createElement(kind)
    media.preload = 'metadata'
    media.onloadedmetadata = () => {
      const [width, height] =
        media instanceof HTMLVideoElement ? [media.videoWidth, media.videoHeight] : [0, 0]
      const length = Number.isFinite(media.duration) ? { duration_ms: Math.round(media.duration * 1000) } : {}
      // A film of sound alone has no picture.
      resolve({ ...(width > 0 ? { width, height } : UNKNOWN), ...length })
    }
    media.onerror = () => reject(new Error('no sound'))
    media.src = url
  })
}
