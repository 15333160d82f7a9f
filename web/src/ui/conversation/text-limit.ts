/** The most a message may hold, in bytes of UTF-8. */
export const TEXT_LIMIT = 16_384

const encoder = new TextEncoder()

/** How many bytes the text is over the limit; 0 when it fits. */
export function bytesOver(text: string): number {
  // A character has at most three bytes for each UTF-16 unit: most texts need no encoding to be known as short.
  if (text.length * 3 <= TEXT_LIMIT) return 0
  return Math.max(0, encoder.encode(text).length - TEXT_LIMIT)
}
