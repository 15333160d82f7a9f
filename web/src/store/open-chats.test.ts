import { describe, expect, it, vi } from 'vitest'
import type { Database } from './db'
import { ANA, chatOf } from './fixtures'
import { OpenChats } from './open-chats.svelte'

const offline = { code: 'offline' as const, detail: '', retryable: true, retry_after_ms: null }
const refused = () => Promise.resolve({ ok: false as const, problem: offline })

/** Conversations without a copy and without a server. */
function made(database: Database | null = null) {
  const beside = {
    pending: () => [],
    receipts: () => undefined,
    opened: vi.fn(),
    applied: vi.fn(),
    reached: vi.fn(),
    forgotten: vi.fn(),
  }
  const port = {
    api: { events: refused },
    connection: { live: true, request: () => refused() as never },
    places: { of: () => null },
    me: () => ANA,
    now: () => 0,
    chat: (chatId: string) => chatOf(chatId, { seq: 9, n: 9, read_n: 4 }),
    readN: () => 4,
    database: () => database,
    windowAhead: () => null,
    saveWindow: vi.fn(),
    viewChanged: vi.fn(),
  }
  return { chats: new OpenChats(port, beside), beside, port }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

describe('the open conversations', () => {
  it('are the last three', async () => {
    const { chats, beside } = made()
    for (const chatId of ['a', 'b', 'c', 'b', 'd']) {
      chats.open(chatId)
      await turn()
    }
    expect(chats.recent).toEqual(['d', 'b', 'c'])
    expect(chats.all.map(({ shown }) => shown.chatId)).toEqual(['b', 'c', 'd'])
    expect(beside.forgotten.mock.calls).toEqual([['a']])
  })

  it('show nothing before they are read, and what is unread since then', async () => {
    const { chats } = made()
    expect(chats.view('a')).toMatchObject({ chat_id: 'a', status: 'loading', divider_n: null })
    chats.open('a')
    await turn()
    expect(chats.view('a').divider_n).toBe(4)
    chats.close('a')
    await turn()
    expect(chats.view('a').divider_n).toBeNull()
  })

  it('have none that was left while its copy was being read', async () => {
    // A database that cannot be read: as if nothing were stored.
    const { chats, beside } = made({} as Database)
    chats.open('a')
    expect(chats.has('a')).toBe(true)
    chats.drop('a')
    await turn()
    expect([chats.has('a'), chats.recent]).toEqual([false, []])
    expect(beside.opened).not.toHaveBeenCalled()
  })

  it('say when one cannot be shown without the server', async () => {
    const { chats } = made()
    chats.open('a')
    await expect(chats.wanting).resolves.toBeUndefined()
  })
})
