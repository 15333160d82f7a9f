const HUES = 24

/** One or two letters for a face: of a person's first and last word, of a group's first two. */
export function initials(name: string, person = true): string {
  const words = name.split(/[\s._-]+/u).filter((word) => firstLetter(word) !== '')
  const second = words.length > 1 ? words.at(person ? -1 : 1) : ''
  return (firstLetter(words[0]) + firstLetter(second)).toLocaleUpperCase() || '·'
}

/** The colour of a face, in degrees: one of 24, the same for the same id. */
export function hue(id: string): number {
  let hash = 2166136261
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619)
  // The low bits of this hash follow the last characters too closely.
  return (((((hash >>> 8) ^ hash) % HUES) + HUES) % HUES) * (360 / HUES)
}

function firstLetter(word: string | undefined): string {
  return Array.from(word ?? '').find((character) => /[\p{L}\p{N}]/u.test(character)) ?? ''
}
