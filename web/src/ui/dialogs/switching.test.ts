import { describe, expect, it } from 'vitest'
import { chatRow } from '../chats/samples.ts'
import { rank } from './switching.ts'

const rows = ['Redes', 'Comité de reunión', 'Reunión', 'Prerreunión', 'Ana Núñez'].map((title) =>
  chatRow(title, { title }),
)
const titles = (typed: string) => rank(rows, typed).map((row) => row.title)

describe('rank', () => {
  it('finds "reunión" by "reunion", the beginning of the title first', () => {
    expect(titles('reunion')).toEqual(['Reunión', 'Comité de reunión', 'Prerreunión'])
    expect(titles('NUNEZ an')).toEqual(['Ana Núñez'])
    expect(titles('nadie')).toEqual([])
  })

  it('shows what is unread first while nothing is typed', () => {
    const unread = chatRow('u', { title: 'Con nuevos', unread: 1 })
    expect(rank([...rows, unread], ' ')[0]).toBe(unread)
  })
})
