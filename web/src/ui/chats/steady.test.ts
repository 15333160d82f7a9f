import { describe, expect, it } from 'vitest'
import { chatRow } from './samples.ts'
import { steady } from './steady.ts'

const rows = ['c', 'a', 'new', 'b'].map((id) => chatRow(id, {}))
const ids = (order: readonly string[] | null) => steady(rows, order).map((row) => row.chat_id)

describe('steady', () => {
  it('leaves the order alone while nobody points', () => {
    expect(ids(null)).toEqual(['c', 'a', 'new', 'b'])
  })

  it('keeps every line in its place, and puts what is new after them', () => {
    expect(ids(['a', 'b', 'c'])).toEqual(['a', 'b', 'c', 'new'])
    expect(ids(['gone', 'b', 'a'])).toEqual(['b', 'a', 'c', 'new'])
  })
})
