/** A text with a selection, as a text field has it. */
export interface Field {
  text: string
  start: number
  end: number
}

const MARKS: Record<string, string> = { b: '**', i: '*', e: '`', 'shift+x': '~~' }

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What Ctrl or the command key makes of the text with that letter; null where it is none of these keys. */
export function markedBy(event: Key, field: Field): Field | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null
  const key = event.key.toLowerCase()
  const mark = MARKS[event.shiftKey ? `shift+${key}` : key]
  if (mark !== undefined) return toggleMark(field, mark)
  return key === 'k' && !event.shiftKey && field.start !== field.end ? makeLink(field) : null
}

/** Puts the mark around the selection, or takes it away where it stands already. */
export function toggleMark({ text, start, end }: Field, mark: string): Field {
  const inside = text.slice(start, end)
  const size = mark.length
  const outer = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark
  // One mark may be part of a longer one: `*` beside `**` is not italics.
  const longer = text[start - size - 1] === mark[0] || text[end + size] === mark[0]
  if (outer && !longer) {
    return {
      text: text.slice(0, start - size) + inside + text.slice(end + size),
      start: start - size,
      end: end - size,
    }
  }
  if (inside.length > 2 * size && inside.startsWith(mark) && inside.endsWith(mark)) {
    const bare = inside.slice(size, -size)
    return { text: text.slice(0, start) + bare + text.slice(end), start, end: end - 2 * size }
  }
  return {
    text: text.slice(0, start) + mark + inside + mark + text.slice(end),
    start: start + size,
    end: end + size,
  }
}

/** Makes a link of the selection; the caret waits where the address goes, or where the text does. */
export function makeLink({ text, start, end }: Field): Field {
  const inside = text.slice(start, end)
  if (/^https?:\/\/\S+$/.test(inside)) {
    const at = start + 1
    return { text: `${text.slice(0, start)}[](${inside})${text.slice(end)}`, start: at, end: at }
  }
  const at = start + inside.length + 3
  return { text: `${text.slice(0, start)}[${inside}]()${text.slice(end)}`, start: at, end: at }
}

/** An address pasted over a selected text makes a link of it; null for anything else. */
export function pasteOver({ text, start, end }: Field, pasted: string): Field | null {
  const inside = text.slice(start, end)
  if (inside.trim() === '' || inside.includes('\n') || !/^https?:\/\/\S+$/.test(pasted.trim())) return null
  const link = `[${inside}](${pasted.trim()})`
  const at = start + link.length
  return { text: text.slice(0, start) + link + text.slice(end), start: at, end: at }
}
