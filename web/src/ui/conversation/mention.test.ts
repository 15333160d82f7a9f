import { describe, expect, it } from 'vitest'
import type { User } from '../../protocol/wire.ts'
import { candidates } from './mention.ts'

const person = (username: string, display_name: string): User => ({
  user_id: username,
  username,
  display_name,
  about: '',
  avatar_file_id: null,
})
const PEOPLE = [person('luis', 'Luis Peña'), person('ana.g', 'Ana Gómez'), person('pena', '')]

describe('who is offered', () => {
  it.each([
    ['', ['ana.g', 'luis', 'pena']],
    ['gom', ['ana.g']],
    ['PEÑ', ['luis', 'pena']],
    ['nadie', []],
  ])('for @%s: %o', (word, names) => {
    expect(candidates(PEOPLE, word, null).map(({ key }) => key)).toEqual(names)
  })

  it('everybody, only where one may call them', () => {
    expect(candidates(PEOPLE, 'al', 'todos')).toMatchObject([{ insert: '@all ' }])
    expect(candidates(PEOPLE, 'al', null)).toEqual([])
  })

  it('at most eight', () => {
    const many = Array.from({ length: 30 }, (_, at) => person(`u${at}`, ''))
    expect(candidates(many, 'u', null)).toHaveLength(8)
  })
})
