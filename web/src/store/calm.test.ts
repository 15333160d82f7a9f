import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Calm } from './calm'

let done: string[]
const note = (what: string) => () => void done.push(what)

beforeEach(() => {
  done = []
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

describe('Calm', () => {
  it('does the last of each name once, after a pause', () => {
    const calm = new Calm(100)
    for (const key of ['a', 'ab', 'abc']) {
      calm.later('one', note(key))
      vi.advanceTimersByTime(60)
    }
    calm.later('other', note('x'))
    expect(done).toEqual([])
    vi.advanceTimersByTime(100)
    expect(done).toEqual(['abc', 'x'])
    vi.advanceTimersByTime(1_000)
    expect(done).toHaveLength(2)
  })

  it('does at once what waits when the page may go, and nothing of it later', () => {
    const calm = new Calm(100)
    calm.later('one', note('a'))
    calm.flush()
    expect(done).toEqual(['a'])
    calm.later('one', note('b'))
    calm.clear()
    vi.advanceTimersByTime(1_000)
    expect(done).toEqual(['a'])
  })
})
