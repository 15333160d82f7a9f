import { describe, expect, it } from 'vitest'
import { makeLink, markedBy, pasteOver, toggleMark, type Field } from './marks.ts'

/** `|` marks the selection: one for a caret, two for a stretch. */
function field(text: string): Field {
  const start = text.indexOf('|')
  const last = text.lastIndexOf('|')
  const end = last > start ? last - 1 : start
  return { text: text.replaceAll('|', ''), start, end }
}

function shown({ text, start, end }: Field): string {
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`
}

describe('marks', () => {
  it.each([
    ['un |texto| aquí', '**', 'un **|texto|** aquí'],
    ['un **|texto|** aquí', '**', 'un |texto| aquí'],
    ['un |**texto**| aquí', '**', 'un |texto| aquí'],
    ['|', '`', '`|`'],
    ['**|texto|**', '*', '***|texto|***'],
    ['|a|', '~~', '~~|a|~~'],
  ])('%s with %s is %s', (before, mark, after) => {
    expect(shown(toggleMark(field(before), mark))).toBe(after)
  })

  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  it.each([
    [{ key: 'b', ctrlKey: true }, '**|texto|**'],
    [{ key: 'I', metaKey: true }, '*|texto|*'],
    [{ key: 'X', ctrlKey: true, shiftKey: true }, '~~|texto|~~'],
    [{ key: 'k', ctrlKey: true }, '[texto](|)'],
  ])('%o makes %s', (key, after) => {
    const marked = markedBy({ ...none, ...key }, field('|texto|'))
    expect(marked === null ? null : shown(marked)).toBe(after)
  })

  it.each([
    [{ key: 'b' }, '|texto|'],
    [{ key: 'b', ctrlKey: true, altKey: true }, '|texto|'],
    [{ key: 'x', ctrlKey: true }, '|texto|'],
    // A link of nothing is none: the key is the browser's, or the page's.
    [{ key: 'k', ctrlKey: true }, 'texto|'],
  ])('%o makes nothing of %s', (key, before) => {
    expect(markedBy({ ...none, ...key }, field(before))).toBeNull()
  })

  it('links', () => {
    expect(shown(makeLink(field('ver |aquí|')))).toBe('ver [aquí](|)')
    expect(shown(makeLink(field('|https://a.b|')))).toBe('[|](https://a.b)')
  })

  it('an address pasted over words links them', () => {
    expect(pasteOver(field('ver |aquí|.'), ' https://a.b ')).toMatchObject({
      text: 'ver [aquí](https://a.b).',
    })
    expect(pasteOver(field('ver |aquí|'), 'no es dirección')).toBeNull()
    expect(pasteOver(field('ver |'), 'https://a.b')).toBeNull()
  })
})
