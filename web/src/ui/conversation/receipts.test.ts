import { describe, expect, it } from 'vitest'
import { reaches } from './receipts.ts'
import { messageItem } from './samples.ts'

const AT = '2026-11-03T10:00:00.000Z'
const items = [
  messageItem(1, 'me', AT),
  messageItem(2, 'ana', AT),
  messageItem(3, 'me', AT),
  messageItem(4, 'me', AT),
]
const shown = (...receipts: [string, number][]) => [...reaches({ items, receipts: new Map(receipts) }, 'me')]

describe('how far my messages have got', () => {
  it('the newest is sent', () => {
    expect(shown()).toEqual([['m4', { n: 4, readers: 0 }]])
  })

  it('the newest that was read says by how many', () => {
    expect(shown(['ana', 3], ['luis', 1], ['me', 4])).toEqual([
      ['m4', { n: 4, readers: 0 }],
      ['m3', { n: 3, readers: 1 }],
    ])
  })

  it('both may be one', () => {
    expect(shown(['ana', 4], ['luis', 4])).toEqual([['m4', { n: 4, readers: 2 }]])
  })
})
