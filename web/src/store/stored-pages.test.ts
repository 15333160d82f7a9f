import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../protocol/wire'
import { applyToTimeline } from './apply'
import { ANA, BETO, eventAt, idOf, messageAt } from './fixtures'
import { WindowKeeper } from './keeping'
import { CHAT, database, kept, opened } from './local.fixtures'
import { storedBefore } from './stored-pages'

describe('older rows of the copy', () => {
  it('stay when only the end was read back, and give pages without the network', async () => {
    const { local } = await opened()
    await kept(local, 1, 400)
    const keeper = new WindowKeeper()
    const read = await keeper.read(database(local), CHAT)
    if (read === null) throw new Error('no copy')
    const next = applyToTimeline(read, eventAt(CHAT, 401), ANA)
    local.saver?.window(CHAT, () => keeper.rows(next, 0, ANA))
    await local.saver?.flush()
    const page = await storedBefore(database(local), CHAT, read.messages[0]?.seq ?? 0, 401)
    expect(page?.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, at) => at + 251))
    expect(page).toMatchObject({ as_of: 401, more_before: true })
  })

  it('take the changes that happen outside the window', async () => {
    const { local } = await opened()
    await kept(local, 1, 400)
    const keeper = new WindowKeeper()
    const read = await keeper.read(database(local), CHAT)
    if (read === null) throw new Error('no copy')
    const edited = { ...messageAt(CHAT, 7, { body: { text: 'corregido' }, revision: 2 }) }
    const change: ChatEvent = {
      type: 'event',
      kind: 'message.edited',
      chat_id: CHAT,
      seq: 401,
      actor_id: BETO,
      at: '',
      data: edited,
    }
    const liked: ChatEvent = {
      ...change,
      kind: 'reaction.changed',
      seq: 402,
      data: { message_id: idOf(8), emoji: '👍', user_id: ANA, on: true, count: 1 },
    }
    const next = [change, liked].reduce((state, event) => applyToTimeline(state, event, ANA), read)
    keeper.note([change, liked], next)
    local.saver?.window(CHAT, () => keeper.rows(next, 0, ANA))
    await local.saver?.flush()
    const page = await storedBefore(database(local), CHAT, 10, 402)
    expect(page?.messages.find(({ seq }) => seq === 7)?.body?.text).toBe('corregido')
    expect(page?.messages.find(({ seq }) => seq === 8)?.reactions).toEqual([
      { emoji: '👍', count: 1, mine: true },
    ])
  })

  it('are not given out when the screen is further on than they are', async () => {
    const { local } = await opened()
    await kept(local, 1, 400)
    expect(await storedBefore(database(local), CHAT, 300, 401)).toBeNull()
  })

  it('go when a window begins anew beyond them', async () => {
    const { local } = await opened()
    await kept(local, 1, 100)
    await kept(local, 300, 350)
    expect(await storedBefore(database(local), CHAT, 300, 350)).toBeNull()
    expect(await database(local).count('messages')).toBe(51)
  })
})
