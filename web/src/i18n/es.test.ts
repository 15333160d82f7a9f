import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { es } from './es.ts'

type Leaf = [path: string, value: unknown]

function leaves(node: object, path = ''): Leaf[] {
  return Object.entries(node).flatMap(([key, value]): Leaf[] =>
    typeof value === 'object' && value !== null
      ? leaves(value as object, `${path}${key}.`)
      : [[path + key, value]],
  )
}

describe('the dictionaries', () => {
  it('have the same keys', () => {
    const paths = (node: object) =>
      leaves(node)
        .map(([path]) => path)
        .sort()
    expect(paths(en)).toEqual(paths(es))
  })

  it.each([...leaves(es), ...leaves(en)])('%s says something, without shouting', (_path, value) => {
    const say = value as string | ((...all: unknown[]) => string)
    const text = typeof say === 'function' ? say(2, 'x', 'y') : say
    expect(text.trim()).not.toBe('')
    expect(text).not.toMatch(/[!¡]/)
  })

  it('count one as one', () => {
    expect(es.chats.unread(1)).toBe('1 mensaje sin leer')
    expect(es.chats.unread(0)).toBe('0 mensajes sin leer')
    expect(en.chats.unread(1)).toBe('1 unread message')
  })
})
