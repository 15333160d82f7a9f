/**
 * A language that nobody speaks: every sentence 40 % longer, with other letters, between brackets. What has no
 * brackets on screen was never translated; what lacks the closing one is cut off.
 */
const LETTERS: Readonly<Record<string, string>> = {
  a: 'áa',
  e: 'ëe',
  i: 'íi',
  o: 'óo',
  u: 'üu',
  A: 'ÁA',
  E: 'ËE',
  I: 'ÍI',
  O: 'ÓO',
  U: 'ÜU',
  n: 'ñ',
  c: 'ç',
}

export function strange(text: string): string {
  return text === '' ? '' : `⟦${Array.from(text, (letter) => LETTERS[letter] ?? letter).join('')}⟧`
}

/** The same dictionary in that language. */
export function pseudo<T>(value: T): T {
  return twisted(value) as T
}

function twisted(value: unknown): unknown {
  if (typeof value === 'string') return strange(value)
  if (typeof value === 'function') {
    const speak = value as (...args: unknown[]) => unknown
    return (...args: unknown[]) => twisted(speak(...args))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, twisted(each)]))
}
