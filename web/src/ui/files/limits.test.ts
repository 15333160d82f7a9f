import { describe, expect, it } from 'vitest'
import { sorted } from './limits.ts'

const usage = { used_bytes: 900, quota_bytes: 1_000, max_bytes: 80, part_bytes: 10 }
const file = (name: string, size: number) => ({ name, size })

describe('what a message may carry', () => {
  it('is said before it is sent, file by file', () => {
    const chosen = [file('a', 50), file('b', 81), file('c', 0), file('d', 30), file('e', 30), file('f', 30)]
    expect(sorted(chosen, [file('there', 10)], usage)).toEqual({
      taken: [file('a', 50), file('d', 30)],
      refused: [
        { why: 'too_large', name: 'b', most: 80 },
        { why: 'empty', name: 'c' },
        { why: 'no_room', left: 10 },
      ],
    })
  })

  it('is ten at most', () => {
    const chosen = Array.from({ length: 6 }, (_, index) => file(String(index), 1))
    const { taken, refused } = sorted(chosen, chosen, null)
    expect(taken).toHaveLength(4)
    expect(refused).toEqual([{ why: 'too_many' }])
  })

  it('has no end where the server names none', () => {
    expect(sorted([file('a', 1e12)], [], null).taken).toHaveLength(1)
    expect(sorted([file('a', 70)], [], { ...usage, quota_bytes: null }).taken).toHaveLength(1)
  })
})
