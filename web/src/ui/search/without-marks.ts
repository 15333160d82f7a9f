import { excerpt } from '../../markdown/plain.ts'
import type { Range } from './pieces.ts'

interface Marked {
  text: string
  ranges: readonly Range[]
}

/**
 * The text as people read it, without the marks of its markup, and where in it the ranges of the written one
 * are. As it is written, where what was found stands in the markup itself, as in the address of a link.
 */
export function withoutMarks(written: string, ranges: readonly Range[]): Marked {
  const text = excerpt(written, Infinity)
  const places = placesOf(Array.from(text), Array.from(written))
  const moved = ranges.map((range) => moveRange(range, places))
  const found = moved.filter((range) => range !== null)
  return found.length === ranges.length ? { text, ranges: found } : { text: written, ranges }
}

/** Where in the written text each character of the other stands; -1 where it does not. */
function placesOf(text: readonly string[], written: readonly string[]): number[] {
  let next = 0
  return text.map((character) => {
    let at = next
    while (at < written.length && !same(written[at], character)) at += 1
    if (at === written.length) return -1
    next = at + 1
    return at
  })
}

const same = (one: string | undefined, other: string) =>
  one === other || (other === ' ' && /\s/u.test(one ?? ''))

/** Null where an end of the range is not there any more. */
function moveRange([start, end]: Range, places: readonly number[]): Range | null {
  const from = places.indexOf(start)
  const to = places.indexOf(end - 1)
  return from !== -1 && to >= from ? [from, to + 1] : null
}
