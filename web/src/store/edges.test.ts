import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import { Edges, type Side } from './edges'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function asked(): { edges: Edges; sides: Side[] } {
  const sides: Side[] = []
  return { edges: new Edges((side) => sides.push(side)), sides }
}

it('without a connection waits for the next one', () => {
  const { edges, sides } = asked()
  edges.refused('before', problem('offline'))
  vi.advanceTimersByTime(3_600_000)
  expect(edges.waits('before')).toBe(true)
  expect(edges.waits('after')).toBe(false)
  expect(sides).toEqual([])
  edges.reopen()
  expect(sides).toEqual(['before'])
  expect(edges.waits('before')).toBe(false)
})

it('after another refusal asks again by itself, each time later', () => {
  const { edges, sides } = asked()
  edges.refused('after', problem('unavailable'))
  vi.advanceTimersByTime(999)
  expect(sides).toEqual([])
  vi.advanceTimersByTime(1)
  expect(sides).toEqual(['after'])
  edges.refused('after', problem('unavailable'))
  vi.advanceTimersByTime(1_999)
  expect(sides).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sides).toHaveLength(2)
  edges.came('after')
  edges.refused('after', problem('unavailable'))
  vi.advanceTimersByTime(1_000)
  expect(sides).toHaveLength(3)
})

it('asks nothing while it rests, and takes up again with the connection', () => {
  const { edges, sides } = asked()
  edges.refused('before', problem('unavailable'))
  edges.rest()
  vi.advanceTimersByTime(60_000)
  expect(sides).toEqual([])
  edges.reopen()
  expect(sides).toEqual(['before'])
})
