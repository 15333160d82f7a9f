import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import { Pauses } from './pauses'

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

function made(): { pauses: Pauses; ended: string[] } {
  const ended: string[] = []
  return { pauses: new Pauses((lane) => ended.push(lane)), ended }
}

describe('a pause', () => {
  it('ends by itself', () => {
    const { pauses, ended } = made()
    pauses.begin('a', 300)
    vi.advanceTimersByTime(299)
    expect([pauses.has('a'), ended]).toEqual([true, []])
    vi.advanceTimersByTime(1)
    expect([pauses.has('a'), ended]).toEqual([false, ['a']])
  })

  it('after a refusal is as long as the server says, however often it refused', () => {
    const { pauses, ended } = made()
    const refusal = problem('overloaded', '', 60_000)
    expect(pauses.refused('a', refusal, 0)).toBe(1)
    vi.advanceTimersByTime(60_000)
    expect(pauses.refused('a', refusal, 0)).toBe(2)
    vi.advanceTimersByTime(59_999)
    expect(ended).toEqual(['a'])
    vi.advanceTimersByTime(1)
    expect(ended).toEqual(['a', 'a'])
  })

  it('counts from one again after what is forgiven, in that lane alone', () => {
    const { pauses } = made()
    for (const lane of ['a', 'b']) pauses.refused(lane, problem('timeout'), 0)
    pauses.forgive('a')
    expect(pauses.refused('a', problem('timeout'), 0)).toBe(1)
    expect(pauses.refused('b', problem('timeout'), 0)).toBe(2)
  })

  it('that is cut ends without a word', () => {
    const { pauses, ended } = made()
    for (const lane of ['a', 'b']) pauses.begin(lane, 300)
    expect(pauses.cut((lane) => lane === 'a')).toEqual(['a'])
    expect([pauses.has('a'), pauses.has('b')]).toEqual([false, true])
    pauses.clear()
    vi.advanceTimersByTime(300)
    expect(ended).toEqual([])
  })
})
