/** The most a message may hold, in bytes of UTF-8. */
export const TEXT_LIMIT = 16_384
/** From here on the composer says how much is left. */
export const NEAR_LIMIT = 500

const encoder = new TextEncoder()

/** How many bytes more fit; below 0 it is over the limit. */
export function bytesLeft(text: string): number {
  // A character has at most three bytes for each UTF-16 unit: most texts need no encoding to be known as short.
  if (text.length * 3 <= TEXT_LIMIT - NEAR_LIMIT) return TEXT_LIMIT - text.length
  return TEXT_LIMIT - encoder.encode(text).length
}
