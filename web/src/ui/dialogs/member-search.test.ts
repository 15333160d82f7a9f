import { expect, it } from 'vitest'
import { whoMatches } from './member-search.ts'

it('finds a member by words of the name or the username, blind to accents', () => {
  const matches = (typed: string) => whoMatches(typed, 'Benjamín Núñez', 'benja')
  expect(['', ' ', 'nunez', 'NÚÑEZ benj', '@benja'].map(matches)).toEqual([true, true, true, true, true])
  expect(['ana', 'nunez ana'].map(matches)).toEqual([false, false])
})
