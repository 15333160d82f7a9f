/** Which way a text runs is found from its letters, never taken from what its author put between them. */

/** Embeddings, overrides and isolates: with them `exe.gpj` reads `jpg.exe`, and digits change places. */
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu

/** To be shown: without the characters that order others to run another way. */
export function undirected(text: string): string {
  return text.replace(CONTROLS, '')
}

/** Letters of scripts that run to the left, and the mark that stands for one. */
const LEFTWARD = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Whether any line of it may run to the left. */
export function mayRunLeft(text: string): boolean {
  return LEFTWARD.test(text)
}
