import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CHAT, Line, settled } from './outbox.fixtures'

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

describe('two tabs', () => {
  /** Two outboxes over one disk that hear each other. */
  function pair(): { leader: Line; other: Line } {
    const leader = new Line()
    const other = new Line(leader.stored)
    other.leads = false
    leader.told.push = (change) => (other.outbox.heard(change), 1)
    other.told.push = (change) => (leader.outbox.heard(change), 1)
    return { leader, other }
  }

  it('one sends what was written in either, in the order in which it was written', async () => {
    const { leader, other } = pair()
    leader.outbox.connected()
    other.outbox.connected()
    const ids = []
    for (const line of [leader, other, leader, other]) {
      ids.push(line.say(ids.length + 1))
      await settled()
    }
    expect(leader.performed).toEqual(ids)
    expect(other.performed).toEqual([])
  })

  it('both show it until the log does', async () => {
    const { leader, other } = pair()
    const id = other.say(1)
    await settled()
    expect(leader.states()).toEqual(['1 queued'])
    leader.answers = () => Promise.resolve({ ok: true, value: { seq: 7 } })
    leader.outbox.connected()
    await settled()
    expect([leader.states(), other.states()]).toEqual([['1 confirmed'], ['1 confirmed']])
    other.outbox.seen(id)
    leader.outbox.settle(CHAT, 7)
    expect([leader.states(), other.states()]).toEqual([[], []])
  })

  it('an answer that comes after the event brings nothing back', async () => {
    const { leader, other } = pair()
    const id = other.say(1)
    await settled()
    other.outbox.seen(id)
    leader.answers = () => Promise.resolve({ ok: true, value: { seq: 7 } })
    leader.outbox.connected()
    await settled()
    expect(other.states()).toEqual([])
  })

  it('who takes over sends also what it never heard of', async () => {
    const { leader, other } = pair()
    leader.told.push = () => 1
    const id = leader.say(1)
    await settled()
    other.leads = true
    other.outbox.connected()
    await other.outbox.leading()
    await settled()
    expect(other.performed).toEqual([id])
  })

  it('a leader that does nothing is not waited for', async () => {
    const { other } = pair()
    other.outbox.connected()
    const id = other.say(1)
    await vi.advanceTimersByTimeAsync(3_999)
    expect(other.performed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(other.performed).toEqual([id])
  })
})
