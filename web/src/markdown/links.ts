/** Links: only http, https and mailto lead out; everything else stays text. */
import { isSpace, isWord } from './characters'

export interface BracketLink {
  href: string
  label: string[]
  end: number
}

export interface AutoLink {
  href: string
  end: number
}

const SCHEMES = ['http://', 'https://', 'mailto:']
/** Ends an address inside `( )`; brackets too, so that no two attempts read the same characters. */
const URL_END: ReadonlySet<string> = new Set('()[]<>"`')
const AUTO_END: ReadonlySet<string> = new Set('<>"`[]')
const TRAILING: ReadonlySet<string> = new Set(".,:;!?'*_~")

/** `[label](address)` at `at`, with neither brackets in the label nor in the address. */
export function bracketLink(characters: string[], at: number): BracketLink | null {
  const close = scan(characters, at + 1, (character) => character === ']' || character === '[')
  const opened = characters[close] === ']' && characters[close + 1] === '('
  if (!opened || close === at + 1) return null
  const start = close + 2
  const end = scan(characters, start, (character) => isSpace(character) || URL_END.has(character))
  const href = characters.slice(start, end).join('')
  if (characters[end] !== ')' || !allowed(href)) return null
  return { href, label: characters.slice(at + 1, close), end: end + 1 }
}

function scan(characters: string[], from: number, ends: (character: string) => boolean): number {
  let at = from
  while (at < characters.length && !ends(characters[at] ?? '')) at += 1
  return at
}

/** A bare address at `at`, without the punctuation of the sentence around it. */
export function autolink(characters: string[], at: number): AutoLink | null {
  const scheme = schemeAt(characters, at)
  if (scheme === null || !isWord(characters[at + scheme.length])) return null
  let end = scan(
    characters,
    at + scheme.length,
    (character) => isSpace(character) || endsAddress(character, scheme),
  )
  end = trimmed(characters, at, end)
  const href = characters.slice(at, end).join('')
  return allowed(href) ? { href, end } : null
}

/** A second `mailto:` must not be read as part of the first: each character is read once. */
function endsAddress(character: string, scheme: string): boolean {
  return AUTO_END.has(character) || (scheme === 'mailto:' && character === ':')
}

function schemeAt(characters: string[], at: number): string | null {
  const first = characters[at]
  if (first === undefined || !'hHmM'.includes(first)) return null
  const opening = characters
    .slice(at, at + 8)
    .join('')
    .toLowerCase()
  return SCHEMES.find((scheme) => opening.startsWith(scheme)) ?? null
}

/** Sentence marks at the end are not part of it, nor is a `)` that nothing inside opened. */
function trimmed(characters: string[], start: number, end: number): number {
  let unopened = 0
  for (let at = start; at < end; at += 1) {
    if (characters[at] === ')') unopened += 1
    if (characters[at] === '(') unopened -= 1
  }
  for (let last = end; last > start; last -= 1) {
    const character = characters[last - 1] ?? ''
    if (character === ')' && unopened > 0) unopened -= 1
    else if (!TRAILING.has(character)) return last
  }
  return start
}

function allowed(href: string): boolean {
  const lower = href.toLowerCase()
  const scheme = SCHEMES.find((candidate) => lower.startsWith(candidate))
  if (scheme === undefined) return false
  const rest = Array.from(href.slice(scheme.length))
  return isWord(rest[0]) && (scheme !== 'mailto:' || rest.includes('@'))
}
