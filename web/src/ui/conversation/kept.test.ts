import { describe, expect, it } from 'vitest'
import { keepRecent, type Kept } from './kept.ts'

describe('conversations that stay', () => {
  const visits = (...chats: string[]) => chats.reduce<Kept>(keepRecent, { shown: [], recent: [] })

  it('keep their place in the page, whoever is visited', () => {
    expect(visits('a', 'b', 'a', 'b', 'a').shown).toEqual(['a', 'b'])
  })

  it('are three: the one not visited for longest goes', () => {
    expect(visits('a', 'b', 'c', 'a', 'd').shown).toEqual(['a', 'c', 'd'])
  })
})
