/** Which way a text runs is found from its letters, never taken from what its author put between them. */

/** Embeddings, overrides and isolates: with them `exe.gpj` reads `jpg.exe`, and digits change places. */
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu

/** To be shown: without the characters that order others to run another way. */
export function undirected(text: string): string {
  return text.replace(CONTROLS, '')
}
