import { expect, it } from 'vitest'
import { reordered } from './order.ts'

it('moves one and keeps the others in their order', () => {
  expect(reordered(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(reordered(['a', 'b', 'c'], 2, -1)).toEqual(['c', 'a', 'b'])
  expect(reordered(['a', 'b'], 1, 9)).toEqual(['a', 'b'])
  expect(reordered(['a'], 4, 0)).toEqual(['a'])
})
