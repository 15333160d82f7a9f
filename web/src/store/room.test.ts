import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { openDatabase } from './db'
import { ANA, messageAt } from './fixtures'
import { WindowKeeper } from './keeping'
import { CHAT } from './local.fixtures'
import { Saver } from './saver'
import { emptyTimeline } from './state'
import { Writer } from './writer'

describe('room', () => {
  it('is made by the chats that nobody looked at for longest', async () => {
    const name = `room-${crypto.randomUUID()}`
    const disk = await openDatabase(name)
    const saver = new Saver(disk)
    saver.follow(() => new Writer(disk, 150_000))
    for (let chat = 1; chat <= 6; chat += 1) {
      const id = `chat-${chat}`
      const messages = Array.from({ length: 50 }, (_, at) => messageAt(id, at + 1))
      const timeline = { ...emptyTimeline(id, 50), messages }
      saver.window(id, () => new WindowKeeper().rows(timeline, chat, ANA))
      await saver.flush()
    }
    const left = await disk.getAll('windows')
    expect(left.map(({ chat_id }) => chat_id)).toEqual(['chat-3', 'chat-4', 'chat-5', 'chat-6'])
    expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(150_000)
    expect(await disk.count('messages')).toBe(200)
  })

  it('is made inside a single long chat by its older part', async () => {
    const disk = await openDatabase(`room-${crypto.randomUUID()}`)
    const saver = new Saver(disk)
    saver.follow(() => new Writer(disk, 150_000))
    const messages = Array.from({ length: 600 }, (_, at) => messageAt(CHAT, at + 1))
    saver.window(CHAT, () => new WindowKeeper().rows({ ...emptyTimeline(CHAT, 600), messages }, 1, ANA))
    await saver.flush()
    expect(await disk.get('windows', CHAT)).toMatchObject({ from_seq: 401, more_before: true })
    expect(await disk.count('messages')).toBe(200)
  })
})
