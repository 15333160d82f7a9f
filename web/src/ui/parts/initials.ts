/** One or two letters for a face: of the first and the last word of the name. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '')
  const first = firstLetter(words[0])
  const last = words.length > 1 ? firstLetter(words.at(-1)) : ''
  return (first + last).toLocaleUpperCase() || '·'
}

/** A number from 0 to `count` − 1 that stays the same for the same id. */
export function shade(id: string, count: number): number {
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return hash % count
}

function firstLetter(word: string | undefined): string {
  return Array.from(word ?? '').find((character) => /[\p{L}\p{N}]/u.test(character)) ?? ''
}
