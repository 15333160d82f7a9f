import { expect, it } from 'vitest'
import { fill, join } from './sentences.ts'

it('joins sections at every depth and leaves both as they were', () => {
  const first = { talk: { find: { open: 'a' } }, name: 'b' }
  const both = join(first, { talk: { find: { label: 'c' }, more: 'd' } })
  expect(both).toEqual({ talk: { find: { open: 'a', label: 'c' }, more: 'd' }, name: 'b' })
  expect(first).toEqual({ talk: { find: { open: 'a' } }, name: 'b' })
})

it('fills in place, so that what is on screen need not be drawn again', () => {
  const talk = { open: 'a' }
  const shown: Record<string, unknown> = { talk }
  fill(shown, { talk: { label: 'b' } })
  expect(shown['talk']).toBe(talk)
  expect(talk).toEqual({ open: 'a', label: 'b' })
})
