import { describe, expect, it } from 'vitest'
import { Entries } from './entries'
import { CHAT, pending } from './outbox.fixtures'
import type { OutboxEntry } from './state'

const said = (id: string, order: number, chat_id = CHAT): OutboxEntry => ({
  ...pending(id, chat_id, order),
  kind: 'send',
  text: id,
  reply_to: null,
})

describe('the entries', () => {
  it('of a chat are in their order of sending, whatever the order in which they came', () => {
    const entries = new Entries(() => undefined)
    entries.put(said('b', 2), said('x', 1, 'chat-2'), said('a', 1))
    expect(entries.of(CHAT).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('of two tabs with the same number are in the order of their ids', () => {
    const entries = new Entries(() => undefined)
    entries.put(said('b', 1), said('a', 1))
    expect(entries.queued(CHAT).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('that failed are not to be sent', () => {
    const entries = new Entries(() => undefined)
    entries.put({ ...said('a', 1), state: 'failed' }, said('b', 2))
    expect(entries.queued(CHAT).map(({ id }) => id)).toEqual(['b'])
  })

  it('that are new come after what another page or tab wrote', () => {
    const entries = new Entries(() => undefined)
    entries.put(said('a', 7))
    expect(entries.nextOrder()).toBe(8)
  })

  it('tell of a chat once for all that come together, and of each that goes', () => {
    const changed: string[] = []
    const entries = new Entries((chatId) => changed.push(chatId))
    entries.put(said('a', 1), said('b', 2), said('c', 3, 'chat-2'))
    expect(changed).toEqual([CHAT, 'chat-2'])
    entries.delete(said('a', 1))
    expect(changed).toEqual([CHAT, 'chat-2', CHAT])
    entries.clear()
    expect(entries.size).toBe(0)
    expect(changed).toHaveLength(3)
  })
})
