/** What a file is to a person, before the server has looked into it. */
import type { FileKind } from './wire'

/** Shown by every browser of the floor; anything else is a document. */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'])
const FILMS = new Set(['video/mp4', 'video/webm'])

export function kindOf({ type, waveform }: { type: string; waveform?: unknown }): FileKind {
  if (waveform !== undefined) return 'voice'
  if (PICTURES.has(type)) return 'image'
  if (FILMS.has(type)) return 'video'
  return type.startsWith('audio/') ? 'audio' : 'file'
}
