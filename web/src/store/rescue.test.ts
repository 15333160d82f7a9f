import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { ANA, BETO } from './fixtures'
import { WindowKeeper } from './keeping'
import { CHAT, database, kept, localOf, me, opened } from './local.fixtures'

describe('a damaged copy', () => {
  const entry = (id: string) => ({
    id,
    chat_id: CHAT,
    order: 1,
    created_at: '',
    state: 'queued' as const,
    code: null,
    seq: null,
    kind: 'send' as const,
    text: 'sin enviar',
    reply_to: null,
  })

  it('of another form is made anew, with the unsent words', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    await local.database?.put('outbox', entry('m1'))
    local.close()
    await broken(name, (disk) => disk.deleteObjectStore('chats'))
    const again = localOf(name)
    expect(await again.open()).toBeNull()
    expect(await again.read(me(ANA))).toMatchObject({ outbox: [{ id: 'm1' }], chats: [] })
  })

  it('gives unsent words to nobody when it does not say whose they are', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    await local.database?.put('outbox', entry('m1'))
    local.close()
    await broken(name, (disk) => disk.deleteObjectStore('meta'))
    const again = localOf(name)
    await again.open()
    expect((await again.read(me(BETO))).outbox).toEqual([])
  })

  it('with rows that are none begins anew, with the unsent words', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    const disk = database(local)
    await disk.put('outbox', entry('m1'))
    await disk.put('outbox', { id: 'm2' } as never)
    await disk.put('chats', { chat_id: CHAT, seq: 'nine' } as never)
    const copy = await local.read(me(ANA))
    expect(copy).toMatchObject({ position: null, chats: [], outbox: [{ id: 'm1' }] })
    expect(await disk.count('chats')).toBe(0)
  })

  it('shows no message that is none', async () => {
    const { local } = await opened()
    await kept(local, 1, 10)
    await database(local).put('messages', { chat_id: CHAT, seq: 5, body: 12 } as never)
    expect(await new WindowKeeper().read(database(local), CHAT)).toBeNull()
  })
})

/** A later version of the database, changed in its upgrade. */
async function broken(name: string, change: (disk: IDBDatabase) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(name, 99)
    request.onupgradeneeded = () => change(request.result)
    request.onerror = () => reject(new Error('not opened'))
    request.onsuccess = () => {
      request.result.close()
      resolve()
    }
  })
}
