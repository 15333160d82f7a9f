import { expect, test } from 'vitest'
import { onScreen, type Measured } from './landing.ts'

const ROWS = [{ key: 'a' }, { key: 'b' }, { key: 'c' }]

/** Rows of 100 px behind a window of 150 px. */
function at(offset: number): Measured {
  return {
    getScrollOffset: () => offset,
    getViewportSize: () => 150,
    getItemOffset: (index) => index * 100,
    getItemSize: () => 100,
  }
}

test.each([
  [0, 'a', true],
  [0, 'b', true],
  [0, 'c', false],
  [99, 'a', true],
  [100, 'a', false],
  [50, 'c', false],
  [51, 'c', true],
  [0, 'gone', true],
])('from %i, row %s: %s', (offset, key, seen) => {
  expect(onScreen(at(offset), ROWS, key)).toBe(seen)
})
