/** Classes of characters, the same in both languages: no `\s`, whose meaning differs between them. */

const SPACES: ReadonlySet<string> = new Set([' ', '\t', '\n', '\u00a0', '\u3000'])
const WORD = /^[\p{L}\p{N}]$/u
const PUNCTUATION: ReadonlySet<string> = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')
const NAME = /^[A-Za-z0-9._-]$/

/** The start and the end of a line count as space. */
export function isSpace(character: string | undefined): boolean {
  return character === undefined || SPACES.has(character)
}

export function isWord(character: string | undefined): boolean {
  return character !== undefined && WORD.test(character)
}

export function isPunctuation(character: string | undefined): boolean {
  return character !== undefined && PUNCTUATION.has(character)
}

/** May stand in a username. */
export function isName(character: string | undefined): boolean {
  return character !== undefined && NAME.test(character)
}

/** Without spaces and tabs at both ends. */
export function strip(line: string): string {
  let start = 0
  let end = line.length
  while (start < end && (line[start] === ' ' || line[start] === '\t')) start += 1
  while (end > start && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1
  return line.slice(start, end)
}
