/**
 * The documented subset of Markdown, in time linear in the text.
 *
 * The same rules stand in Python (`services/messages/markdown.py`); both run `tests/golden/markdown.json`.
 */
import { strip } from './characters'
import { parseLines } from './inline'
import type { Block, Inline } from './tree'

/** Deeper `>` are text: a line of nothing but `>` must not nest without end. */
const MAX_QUOTE_DEPTH = 3

const FENCE = /^ {0,3}(`{3,})([^`]*)$/
const QUOTE = /^ {0,3}> ?/
const BULLET = /^ {0,3}[-*+] +(?=[^ \t])/
const NUMBER = /^ {0,3}(\d{1,9})[.)] +(?=[^ \t])/

export function parse(text: string): Block[] {
  return blocks(text.replace(/\r\n?/g, '\n').split('\n'), 0)
}

interface Taken {
  block: Block
  next: number
}

type Rule = (lines: string[], at: number, depth: number) => Taken | null

const RULES: readonly Rule[] = [fence, quote, bullets, numbers]

function blocks(lines: string[], depth: number): Block[] {
  const found: Block[] = []
  let paragraph: string[] = []
  const flush = () => {
    if (paragraph.length > 0) found.push({ type: 'paragraph', children: parseLines(paragraph) })
    paragraph = []
  }
  for (let at = 0; at < lines.length;) {
    const taken = take(lines, at, depth)
    const line = lines[at] ?? ''
    if (taken !== null || blank(line)) flush()
    else paragraph.push(line)
    if (taken !== null) found.push(taken.block)
    at = taken?.next ?? at + 1
  }
  flush()
  return found
}

function take(lines: string[], at: number, depth: number): Taken | null {
  for (const rule of RULES) {
    const taken = rule(lines, at, depth)
    if (taken !== null) return taken
  }
  return null
}

/** A fence that is never closed reaches to the end. */
function fence(lines: string[], at: number): Taken | null {
  const opening = FENCE.exec(lines[at] ?? '')
  if (opening === null) return null
  const marks = opening[1] ?? ''
  const close = new RegExp(`^ {0,3}\`{${String(marks.length)},}[ \\t]*$`)
  let end = at + 1
  while (end < lines.length && !close.test(lines[end] ?? '')) end += 1
  const lang = strip(opening[2] ?? '').split(/[ \t]/)[0] ?? ''
  return { block: { type: 'code_block', lang, text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

function quote(lines: string[], at: number, depth: number): Taken | null {
  if (depth >= MAX_QUOTE_DEPTH) return null
  const { found, next } = consecutive(lines, at, QUOTE)
  return found.length === 0 ? null : { block: { type: 'quote', children: blocks(found, depth + 1) }, next }
}

function bullets(lines: string[], at: number): Taken | null {
  return list(lines, at, BULLET, false, 1)
}

function numbers(lines: string[], at: number): Taken | null {
  const first = NUMBER.exec(lines[at] ?? '')
  return first === null ? null : list(lines, at, NUMBER, true, Number(first[1]))
}

function list(lines: string[], at: number, mark: RegExp, ordered: boolean, start: number): Taken | null {
  const { found, next } = consecutive(lines, at, mark)
  const items: Inline[][] = found.map((line) => parseLines([line]))
  return items.length === 0 ? null : { block: { type: 'list', ordered, start, items }, next }
}

function consecutive(lines: string[], at: number, mark: RegExp): { found: string[]; next: number } {
  const found: string[] = []
  let next = at
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? ''
    const opening = mark.exec(line)
    if (opening === null) break
    found.push(line.slice(opening[0].length))
  }
  return { found, next }
}

function blank(line: string): boolean {
  return /^[ \t]*$/.test(line)
}
