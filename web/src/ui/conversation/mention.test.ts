import { describe, expect, it } from 'vitest'
import type { User } from '../../protocol/wire.ts'
import { candidates, insertMention, mentionQuery } from './mention.ts'

const user = (username: string, display_name: string): User => ({
  user_id: username,
  username,
  display_name,
  about: '',
})

describe('mentionQuery', () => {
  it.each([
    ['@', 1, { start: 0, word: '' }],
    ['hola @ma', 8, { start: 5, word: 'ma' }],
    ['(@ma', 4, { start: 1, word: 'ma' }],
    ['¿@josé', 6, { start: 1, word: 'josé' }],
    ['@ma y más', 3, { start: 0, word: 'ma' }],
  ])('finds the word in %j at %i', (text, caret, query) => {
    expect(mentionQuery(text, caret)).toEqual(query)
  })

  it.each([
    ['correo@uptc', 11],
    ['hola @ma ', 9],
    ['hola', 4],
    ['', 0],
  ])('finds none in %j at %i', (text, caret) => {
    expect(mentionQuery(text, caret)).toBeNull()
  })
})

describe('insertMention', () => {
  it('replaces the word and leaves one space', () => {
    expect(insertMention('hola @ma, y tú', { start: 5, word: 'ma' }, 'mpaz')).toEqual({
      text: 'hola @mpaz , y tú',
      caret: 11,
    })
    expect(insertMention('@ma ya', { start: 0, word: 'ma' }, 'mpaz')).toEqual({ text: '@mpaz ya', caret: 6 })
  })
})

describe('candidates', () => {
  const people = [user('mpaz', 'María Paz'), user('jose', 'José Peña'), user('ana', 'Ana María Ruiz')]

  it('matches any word of the name without accents, sorted by name', () => {
    expect(candidates(people, 'mari', null).map((each) => each.name)).toEqual(['ana', 'mpaz'])
    expect(candidates(people, 'pena', null).map((each) => each.name)).toEqual(['jose'])
  })

  it('offers everybody only where that is allowed', () => {
    const all = { name: 'all', label: '', userId: null }
    expect(candidates([], 'al', all)).toEqual([all])
    expect(candidates([], 'al', null)).toEqual([])
  })

  it('offers at most eight', () => {
    const many = Array.from({ length: 20 }, (_, index) => user(`m${index}`, ''))
    expect(candidates(many, 'm', null)).toHaveLength(8)
  })
})
