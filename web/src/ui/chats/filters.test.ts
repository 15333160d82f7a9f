import { describe, expect, it } from 'vitest'
import { chatRow } from './samples.ts'
import { shownRows, unreadAside } from './filters.ts'

const rows = [
  chatRow('a', { title: 'Reunión de álgebra', unread: 2 }),
  chatRow('b', { title: 'Ana Gómez', chat: { kind: 'direct' } }),
  chatRow('c', { title: 'Redes viejas', unread: 1, chat: { archived: true } }),
]
const ids = (...given: Parameters<typeof shownRows>) => shownRows(...given).map((row) => row.chat_id)

describe('shownRows', () => {
  it('keeps archived chats apart', () => {
    expect(ids(rows, 'all', '', [])).toEqual(['a', 'b'])
    expect(ids(rows, 'archived', '', [])).toEqual(['c'])
    expect(ids(rows, 'unread', '', [])).toEqual(['a'])
    expect(ids(rows, 'groups', '', [])).toEqual(['a'])
  })

  it('finds words in any order, blind to accents and case, also among the archived', () => {
    expect(ids(rows, 'all', 'algebra REUNION', [])).toEqual(['a'])
    expect(ids(rows, 'all', 'redes', [])).toEqual(['c'])
    expect(ids(rows, 'unread', 'redes', [])).toEqual([])
  })

  it('shows what was put into a folder', () => {
    const folders = [{ id: 'f', name: 'Cursos', chats: ['b', 'c'] }]
    expect(ids(rows, { folder: 'f' }, '', folders)).toEqual(['b'])
    expect(ids(rows, { folder: 'gone' }, '', folders)).toEqual([])
  })
})

it('counts what came to archived chats, but not to silent ones', () => {
  const silent = chatRow('d', { unread: 5, muted: true, chat: { archived: true } })
  expect(unreadAside([...rows, silent])).toBe(1)
})
