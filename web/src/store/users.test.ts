import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Api } from '../protocol/api'
import type { User } from '../protocol/wire'
import { problem } from '../protocol/problem'
import { idOf } from './fixtures'
import { Users } from './users.svelte'

const MINUTE = 60_000

function person(number: number, display_name: string): User {
  return { user_id: idOf(number), username: `u${number}`, display_name, about: '', avatar_file_id: null }
}

function setUp() {
  const server = new Map<string, User>()
  const asked: string[][] = []
  let online = true
  const api = {
    users(ids: readonly string[]) {
      if (!online) return Promise.resolve({ ok: false, problem: problem('offline') })
      asked.push([...ids])
      const users = ids.flatMap((id) => server.get(id) ?? [])
      return Promise.resolve({ ok: true, value: { users, next_cursor: null } })
    },
  } as unknown as Api
  const saved = vi.fn()
  const users = new Users({
    api,
    now: () => Date.now(),
    save: saved,
    saveBlocked: () => undefined,
    viewChanged: () => undefined,
    learned: () => undefined,
    postPresence: () => undefined,
  })
  return { server, asked, users, saved, cut: (yes: boolean) => (online = !yes) }
}

describe('Users', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 })
    return () => vi.useRealTimers()
  })

  it('asks for names that are drawn together in one request of at most 100', async () => {
    const { server, asked, users } = setUp()
    for (let number = 1; number <= 130; number += 1) server.set(idOf(number), person(number, `n${number}`))
    for (let number = 1; number <= 130; number += 1) users.get(idOf(number))
    await vi.runAllTimersAsync()
    expect(asked.map(({ length }) => length)).toEqual([100, 30])
    expect(users.get(idOf(130))?.display_name).toBe('n130')
  })

  it('shows a stored name at once and the new one right after', async () => {
    const { server, users, saved } = setUp()
    users.restore([{ ...person(1, 'Ana'), fetched_at: Date.now() }])
    server.set(idOf(1), person(1, 'Ana María'))
    expect(users.get(idOf(1))?.display_name).toBe('Ana')
    await vi.runAllTimersAsync()
    expect(users.get(idOf(1))?.display_name).toBe('Ana María')
    expect(saved).toHaveBeenCalledTimes(1)
  })

  it('asks again after two minutes, not before, also for who does not exist', async () => {
    const { server, asked, users } = setUp()
    server.set(idOf(1), person(1, 'Ana'))
    const look = async () => {
      users.get(idOf(1))
      users.watch('profile', [idOf(2)])
      await vi.runAllTimersAsync()
    }
    await look()
    vi.advanceTimersByTime(MINUTE)
    await look()
    expect(asked).toHaveLength(1)
    vi.advanceTimersByTime(2 * MINUTE)
    await look()
    expect(asked).toHaveLength(2)
  })

  it('asks again for what could not be fetched', async () => {
    const { server, asked, users, cut } = setUp()
    server.set(idOf(1), person(1, 'Ana'))
    cut(true)
    users.get(idOf(1))
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([])
    cut(false)
    await vi.runAllTimersAsync()
    expect(users.get(idOf(1))?.display_name).toBe('Ana')
  })
})
