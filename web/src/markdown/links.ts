/** Links: only http, https and mailto lead out, and `www.` by https; everything else stays text. */
import { isSpace, isWord } from './characters'

export interface BracketLink {
  href: string
  label: string[]
  end: number
}

export interface AutoLink {
  href: string
  label: string
  end: number
}

const WWW = 'www.'
const BEGINNINGS = ['http://', 'https://', 'mailto:', WWW]
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
  const href = leadsTo(characters.slice(start, end).join(''))
  if (characters[end] !== ')' || href === null) return null
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
  const label = characters.slice(at, end).join('')
  const href = leadsTo(label)
  return href === null ? null : { href, label, end }
}

/** A second `mailto:` must not be read as part of the first: each character is read once. */
function endsAddress(character: string, scheme: string): boolean {
  return AUTO_END.has(character) || (scheme === 'mailto:' && character === ':')
}

function schemeAt(characters: string[], at: number): string | null {
  const first = characters[at]
  if (first === undefined || !'hHmMwW'.includes(first)) return null
  return beginning(characters.slice(at, at + 8).join(''))
}

function beginning(address: string): string | null {
  const lower = address.toLowerCase()
  return BEGINNINGS.find((each) => lower.startsWith(each)) ?? null
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

/** Null: it is no address, or one that may not lead out. */
function leadsTo(address: string): string | null {
  const begins = beginning(address)
  if (begins === null) return null
  const rest = Array.from(address.slice(begins.length))
  if (!isWord(rest[0])) return null
  if (begins === WWW) return rest.includes('.') ? 'https://' + address : null
  return begins !== 'mailto:' || rest.includes('@') ? address : null
}
