import { describe, expect, it } from 'vitest'
import { makeLink, pasteOver, toggleMark, type Field } from './marks.ts'

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
