// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Leader } from './leader'

const started: Leader[] = []
let names = 0

/** A tab that waits for its turn. */
function tab(
  name: string,
  locks: LockManager | undefined = navigator.locks,
): { leader: Leader; began: () => number } {
  let times = 0
  const leader = new Leader(locks, name, { leading: () => (times += 1) })
  started.push(leader)
  leader.start()
  return { leader, began: () => times }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 25_000, interval: 5 })

afterEach(() => {
  for (const leader of started.splice(0)) leader.stop()
})

describe('the leader', () => {
  it('is one of several tabs, and the next when it ends', async () => {
    const name = `leader-${(names += 1)}`
    const [first, second, third] = [tab(name), tab(name), tab(name)]
    await until(() => expect(first.leader.leads).toBe(true))
    expect([second.leader.leads, third.leader.leads]).toEqual([false, false])
    first.leader.stop()
    await until(() => expect(second.leader.leads).toBe(true))
    expect(third.leader.leads).toBe(false)
  })

  it('gives way to who takes it, and waits for its turn again', async () => {
    const name = `leader-${(names += 1)}`
    const [first, second] = [tab(name), tab(name)]
    await until(() => expect(first.leader.leads).toBe(true))
    second.leader.steal()
    await until(() => expect([first.leader.leads, second.leader.leads]).toEqual([false, true]))
    second.leader.stop()
    await until(() => expect(first.leader.leads).toBe(true))
    expect(first.began()).toBe(2)
  })

  it('is every tab where there are no locks', () => {
    const first = new Leader(undefined, 'none', { leading: () => undefined })
    first.start()
    expect(first.leads).toBe(true)
  })

  it('does not come back after its end', async () => {
    const name = `leader-${(names += 1)}`
    const { leader } = tab(name)
    await until(() => expect(leader.leads).toBe(true))
    leader.stop()
    const next = tab(name)
    await until(() => expect(next.leader.leads).toBe(true))
    expect(leader.leads).toBe(false)
  })
})
