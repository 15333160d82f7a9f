/** One line of text → inline nodes. Marks never reach over a line break. */
import { isName, isPunctuation, isSpace, isWord, strip } from './characters'
import { autolink, bracketLink } from './links'
import { Nodes, type Mark } from './nodes'
import type { Inline } from './tree'

const NAME_MIN = 3
const NAME_MAX = 32
/** Whatever a rule may begin with; addresses begin with their scheme or `www.`. */
const LEADING: ReadonlySet<string> = new Set('\\`*_~@[hHmMwW')

export function parseLines(lines: string[]): Inline[] {
  return lines.flatMap((line, index) => {
    const nodes = parseCharacters(Array.from(strip(line)), true)
    return index === 0 ? nodes : [{ type: 'break' } as const, ...nodes]
  })
}

function parseCharacters(characters: string[], links: boolean): Inline[] {
  return new Line(characters, links).parse()
}

class Line {
  readonly #characters: string[]
  readonly #links: boolean
  readonly #nodes = new Nodes()
  readonly #closings: BacktickRuns
  #at = 0

  constructor(characters: string[], links: boolean) {
    this.#characters = characters
    this.#links = links
    this.#closings = new BacktickRuns(characters)
  }

  parse(): Inline[] {
    while (this.#at < this.#characters.length) {
      const plain = this.#plain()
      if (plain > 0) {
        this.#literal(plain)
        continue
      }
      const taken = this.#take(this.#characters[this.#at] ?? '')
      if (!taken) this.#literal(1)
    }
    return this.#nodes.finish()
  }

  #take(character: string): boolean {
    switch (character) {
      case '\\':
        return this.#escape()
      case '`':
        return this.#code()
      case '*':
      case '_':
      case '~':
        return this.#mark(character)
      default:
        return this.#links && this.#leading(character)
    }
  }

  /** What leads somewhere: not inside the label of a link, which leads somewhere itself. */
  #leading(character: string): boolean {
    if (character === '@') return this.#mention()
    return character === '[' ? this.#bracket() : this.#address()
  }

  /** How many characters from here on mean nothing but themselves. */
  #plain(): number {
    let end = this.#at
    while (end < this.#characters.length && !LEADING.has(this.#characters[end] ?? '')) end += 1
    return end - this.#at
  }

  #literal(length: number): true {
    this.#nodes.text(this.#characters.slice(this.#at, this.#at + length).join(''))
    this.#at += length
    return true
  }

  #node(node: Inline, end: number): true {
    this.#nodes.add(node)
    this.#at = end
    return true
  }

  #escape(): boolean {
    const next = this.#characters[this.#at + 1]
    if (!isPunctuation(next)) return false
    this.#at += 1
    return this.#literal(1)
  }

  #code(): boolean {
    const length = run(this.#characters, this.#at)
    const start = this.#at + length
    const end = this.#closings.next(length, start)
    if (end === null) return this.#literal(length)
    return this.#node({ type: 'code', text: codeText(this.#characters.slice(start, end)) }, end + length)
  }

  #mark(character: string): boolean {
    const length = run(this.#characters, this.#at)
    const marks = marksOf(character, length)
    const before = this.#characters[this.#at - 1]
    const after = this.#characters[this.#at + length]
    const opens = !isSpace(after) && !isWord(before)
    const closes = !isSpace(before) && !isWord(after)
    const taken = (closes && this.#nodes.close(marks)) || (opens && this.#nodes.open(marks))
    if (!taken) return this.#literal(length)
    this.#at += length
    return true
  }

  #mention(): boolean {
    const before = this.#characters[this.#at - 1]
    let end = this.#at + 1
    while (isName(this.#characters[end])) end += 1
    const whole = end - this.#at
    while (end > this.#at + 1 && (this.#characters[end - 1] === '.' || this.#characters[end - 1] === '-'))
      end -= 1
    const length = end - this.#at - 1
    if (glued(before) || length < NAME_MIN || length > NAME_MAX) return this.#literal(whole)
    const name = this.#characters
      .slice(this.#at + 1, end)
      .join('')
      .toLowerCase()
    return this.#node({ type: 'mention', name }, end)
  }

  #bracket(): boolean {
    const link = bracketLink(this.#characters, this.#at)
    if (link === null) return false
    return this.#node(
      { type: 'link', href: link.href, children: parseCharacters(link.label, false) },
      link.end,
    )
  }

  #address(): boolean {
    if (isWord(this.#characters[this.#at - 1])) return false
    const link = autolink(this.#characters, this.#at)
    if (link === null) return false
    return this.#node(
      { type: 'link', href: link.href, children: [{ type: 'text', text: link.label }] },
      link.end,
    )
  }
}

/** An address such as `ana@example.org` is not a mention. */
function glued(before: string | undefined): boolean {
  return isWord(before) || before === '@' || before === '.' || before === '-' || before === '/'
}

function marksOf(character: string, length: number): Mark[] {
  const key = character + String(length)
  if (key === '*1' || key === '_1') return [{ type: 'emphasis', text: character }]
  if (key === '*2') return [{ type: 'strong', text: '**' }]
  if (key === '*3')
    return [
      { type: 'strong', text: '**' },
      { type: 'emphasis', text: '*' },
    ]
  if (key === '~2') return [{ type: 'strike', text: '~~' }]
  return []
}

function run(characters: string[], at: number): number {
  let end = at
  while (characters[end] === characters[at]) end += 1
  return end - at
}

/** One space on each side is there to keep backticks apart and is not content. */
function codeText(characters: string[]): string {
  const text = characters.join('')
  const padded = text.startsWith(' ') && text.endsWith(' ') && /[^ ]/.test(text)
  return padded ? text.slice(1, -1) : text
}

/** Where runs of backticks start, by length; asked with growing positions, so each is passed once. */
class BacktickRuns {
  readonly #starts = new Map<number, number[]>()

  constructor(characters: string[]) {
    for (let at = 0; at < characters.length;) {
      const length = characters[at] === '`' ? run(characters, at) : 0
      if (length > 0) this.#list(length).push(at)
      at += length || 1
    }
    for (const starts of this.#starts.values()) starts.reverse()
  }

  /** The first run of exactly that length at or after `from`; null when there is none. */
  next(length: number, from: number): number | null {
    const starts = this.#starts.get(length) ?? []
    while (starts.length > 0 && (starts.at(-1) ?? 0) < from) starts.pop()
    return starts.at(-1) ?? null
  }

  #list(length: number): number[] {
    const known = this.#starts.get(length)
    if (known !== undefined) return known
    const starts: number[] = []
    this.#starts.set(length, starts)
    return starts
  }
}
