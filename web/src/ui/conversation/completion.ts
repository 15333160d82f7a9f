/** What is being typed that can be completed: `@name`, `#conversation`, `:emoji` or, at the very beginning, `/command`. */
export interface Query {
  kind: 'mention' | 'chat' | 'emoji' | 'command'
  /** Where its mark stands. */
  start: number
  word: string
}

/** One thing offered for it. */
export interface Candidate {
  key: string
  /** Stands in place of the query; the caret goes to `caret`, counted from its beginning, else to its end. */
  insert: string
  caret?: number
  label: string
  hint: string
  /** Whose picture is shown, or the sign that is. */
  userId?: string
  glyph?: string
}

const BEFORE = '(?:^|[\\s([{"\'«¿¡])'
const PATTERNS: readonly [Query['kind'], RegExp][] = [
  ['mention', new RegExp(`${BEFORE}@([\\p{L}\\p{N}._-]{0,32})$`, 'u')],
  ['chat', new RegExp(`${BEFORE}#([\\p{L}\\p{N}._-]{0,32})$`, 'u')],
  ['emoji', new RegExp(`${BEFORE}:([\\p{L}\\p{N}_+-]{2,32})$`, 'u')],
  ['command', /^\/([\p{L}]{0,16})$/u],
]

export function completionQuery(text: string, caret: number): Query | null {
  const before = text.slice(0, caret)
  for (const [kind, pattern] of PATTERNS) {
    const word = pattern.exec(before)?.[1]
    if (word !== undefined) return { kind, start: caret - word.length - 1, word }
  }
  return null
}

/** Puts it in place of what was typed; answers the text and where the caret goes. */
export function complete(
  text: string,
  query: Query,
  { insert, caret }: Candidate,
): { text: string; caret: number } {
  const end = query.start + 1 + query.word.length
  const before = text.slice(0, query.start)
  const after = insert.endsWith(' ') ? text.slice(end).replace(/^ /, '') : text.slice(end)
  return { text: before + insert + after, caret: before.length + (caret ?? insert.length) }
}
