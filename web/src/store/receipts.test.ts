import { describe, expect, it } from 'vitest'
import type { Api } from '../protocol/api'
import { ANA, BETO, chatOf, idOf, messageAt } from './fixtures'
import { Receipts } from './receipts'

type List = Awaited<ReturnType<Api['receipts']>>

const CHAT = idOf(1)

/** A chat whose list is on its way. */
function asked() {
  let answer: (list: List) => void = () => undefined
  const receipts = new Receipts(
    { receipts: () => new Promise((resolve) => (answer = resolve)) },
    () => undefined,
  )
  receipts.load(chatOf(CHAT))
  const listed = async (...marks: [string, number][]) => {
    const list = marks.map(([user_id, n]) => ({ user_id, n }))
    answer({ ok: true, value: { receipts: list, next_cursor: null } })
    await Promise.resolve()
    await Promise.resolve()
  }
  return { receipts, listed, shown: () => [...receipts.of(CHAT)] }
}

const written = (n: number, sender_id: string, scheduled = false) =>
  messageAt(CHAT, n, { n, sender_id, ...(scheduled ? { scheduled } : {}) })

describe('who writes has read what stands above', () => {
  it('and never less than before', async () => {
    const { receipts, listed, shown } = asked()
    await listed([ANA, 2])
    receipts.wrote(CHAT, written(5, ANA))
    receipts.wrote(CHAT, written(4, ANA))
    expect(shown()).toEqual([[ANA, 5]])
  })

  it('but not at the time for which it was planned', async () => {
    const { receipts, listed, shown } = asked()
    await listed([ANA, 2])
    receipts.wrote(CHAT, written(5, ANA, true))
    expect(shown()).toEqual([[ANA, 2]])
  })

  it('nor who forwards into it, but for the forward itself', async () => {
    const { receipts, listed, shown } = asked()
    const forwarded = { sender_id: BETO, sent_at: '2026-03-09T14:05:06.789Z' }
    receipts.wrote(CHAT, messageAt(CHAT, 6, { n: 6, sender_id: ANA, forwarded }))
    await listed([ANA, 2])
    receipts.wrote(CHAT, messageAt(CHAT, 5, { n: 5, sender_id: ANA, forwarded }))
    expect(shown()).toEqual([[ANA, 2]])
    receipts.wrote(CHAT, messageAt(CHAT, 3, { n: 3, sender_id: ANA, forwarded }))
    expect(shown()).toEqual([[ANA, 3]])
  })

  it('nor who keeps it to themselves', async () => {
    const { receipts, listed, shown } = asked()
    await listed([ANA, 2])
    receipts.wrote(CHAT, written(5, BETO))
    expect(shown()).toEqual([[ANA, 2]])
  })

  it('also while the list is on its way, which may be older', async () => {
    const { receipts, listed, shown } = asked()
    receipts.wrote(CHAT, written(5, ANA))
    receipts.set(CHAT, BETO, 4)
    await listed([ANA, 3], [BETO, 3])
    expect(shown()).toEqual([
      [ANA, 5],
      [BETO, 4],
    ])
  })

  it('where the list is newer, it is right', async () => {
    const { receipts, listed, shown } = asked()
    receipts.wrote(CHAT, written(2, ANA))
    await listed([ANA, 8])
    expect(shown()).toEqual([[ANA, 8]])
  })
})
