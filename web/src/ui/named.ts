/** The word for a value of the protocol; one that this page does not know yet is its own word. */
export function named(words: Readonly<Record<string, unknown>>, value: string): string {
  const word = Object.hasOwn(words, value) ? words[value] : undefined
  return typeof word === 'string' ? word : value
}
