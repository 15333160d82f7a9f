/** One or two letters for a face: of a person's first and last word, of a group's first two. */
export function initials(name: string, person = true): string {
  const words = name.split(/[\s._-]+/u).filter((word) => firstLetter(word) !== '')
  const second = words.length > 1 ? words.at(person ? -1 : 1) : ''
  return (firstLetter(words[0]) + firstLetter(second)).toLocaleUpperCase() || '·'
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
