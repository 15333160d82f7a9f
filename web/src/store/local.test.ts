import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { describe, expect, it, vi } from 'vitest'
import { FakeCaches } from '../caches.fixtures'
import { applyToTimeline } from './apply'
import { openDatabase, storeEntry, type StoredWindow } from './db'
import { EMPTY_DRAFT } from './drafts'
import { ANA, BETO, chatOf, eventAt, messageAt } from './fixtures'
import { WindowKeeper } from './keeping'
import { Local } from './local'
import { CHAT, database, localOf, me, opened } from './local.fixtures'
import { emptyTimeline, type OutboxEntry } from './state'
import { Writer } from './writer'

const entryOf = (id: string) =>
  ({ id, chat_id: CHAT, kind: 'send', state: 'queued', order: 1, text: id }) as unknown as OutboxEntry

describe('the local copy', () => {
  it('is there after a reload, position and all', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT, { seq: 3 }))
    local.saver?.position({ log_epoch: 'e', sync_token: 't', useq: 4 })
    await local.saver?.flush()
    local.close()
    const again = localOf(name)
    expect(await again.open()).toMatchObject({ user_id: ANA })
    expect(await again.read(me(ANA))).toMatchObject({
      chats: [{ seq: 3 }],
      position: { sync_token: 't', useq: 4 },
    })
  })

  it('is read ahead with the chat that is named, once', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT, { seq: 3 }))
    const keeper = new WindowKeeper()
    const timeline = { ...emptyTimeline(CHAT, 3), messages: [messageAt(CHAT, 3)] }
    local.saver?.window(CHAT, () => keeper.rows(timeline, 0, ANA))
    await local.saver?.flush()
    local.close()
    const again = localOf(name)
    await again.open(CHAT)
    expect(again.takeWindow(CHAT)).toBeNull()
    expect((await again.read(me(ANA))).chats).toMatchObject([{ seq: 3 }])
    const found = again.takeWindow(CHAT)
    expect(again.takeWindow(CHAT)).toBeNull()
    const disk = database(again)
    await disk.clear('messages')
    expect(await new WindowKeeper().read(disk, CHAT, found)).toMatchObject({ messages: [{ seq: 3 }] })
    await disk.clear('chats')
    expect((await again.read(me(ANA))).chats).toEqual([])
  })

  it('shows nothing that was read ahead of somebody else', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT, { seq: 3 }))
    await local.saver?.flush()
    local.close()
    const again = localOf(name)
    await again.open(CHAT)
    expect((await again.read(me(BETO))).chats).toEqual([])
    expect(again.takeWindow(CHAT)).toBeNull()
  })

  it('keeps what a chat has at hand, and takes nothing that is none', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    const pin = { message: messageAt(CHAT, 4), pinned_by: BETO, pinned_at: '2026-01-01T00:00:00.000Z' }
    await local.savePins(CHAT, [pin])
    expect(await local.readPins(CHAT)).toEqual([pin])
    expect(await local.readPins('other')).toEqual([])
    await local.database?.put('pins', { chat_id: CHAT, pins: [7, { message: null }, pin] } as never)
    expect(await local.readPins(CHAT)).toEqual([pin])
    await local.database?.put('pins', { chat_id: CHAT, pins: 'none' } as never)
    expect(await local.readPins(CHAT)).toEqual([])
    await local.savePins(CHAT, [pin])
    await local.forget(CHAT)
    expect(await local.readPins(CHAT)).toEqual([])
    local.close()
    expect(name).not.toBe('')
  })

  it('of a former version is brought to the form of today', async () => {
    const name = `local-${crypto.randomUUID()}`
    const old = await openDB(name, 2, {
      upgrade(database) {
        for (const store of ['meta', 'chats', 'windows', 'messages', 'users', 'outbox', 'drafts', 'places'])
          database.createObjectStore(store, store === 'meta' ? {} : { keyPath: 'chat_id' })
      },
    })
    await old.put('drafts', { chat_id: CHAT, draft: EMPTY_DRAFT, parked: null })
    old.close()
    const database = await openDatabase(name)
    expect([...database.objectStoreNames]).toEqual(expect.arrayContaining(['pins', 'parked']))
    expect(await database.get('drafts', CHAT)).toMatchObject({ chat_id: CHAT })
    database.close()
  })

  it('is not put back by a tab that knows less', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT, { seq: 9 }))
    await local.saver?.flush()
    local.saver?.chat(chatOf(CHAT, { seq: 5 }))
    await local.saver?.flush()
    expect((await local.read(me(ANA))).chats).toMatchObject([{ seq: 9 }])
  })

  it('is nobody else’s: another account finds nothing, and unsent words wait for their owner', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    const secret = { chat_id: CHAT, draft: { ...EMPTY_DRAFT, text: 'secreto' }, parked: null }
    await local.database?.put('drafts', secret)
    await storeEntry(database(local), entryOf('uno'), null)
    local.saver?.chat(chatOf(CHAT))
    await local.saver?.flush()
    await local.expire()
    expect(await local.read(me(BETO))).toMatchObject({ chats: [], drafts: [], outbox: [] })
    await storeEntry(database(local), entryOf('dos'), null)
    expect(await local.read(me(ANA))).toMatchObject({
      drafts: [{ draft: { text: 'secreto' } }],
      outbox: [{ id: 'uno' }],
    })
    expect((await local.read(me(BETO))).outbox).toMatchObject([{ id: 'dos' }])
  })

  it('keeps what another left unsent when who is here leaves', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    await storeEntry(database(local), entryOf('uno'), null)
    await local.expire()
    await local.read(me(BETO))
    await storeEntry(database(local), entryOf('dos'), null)
    await local.wipe()
    local.close()
    const again = localOf(name)
    await again.open()
    expect((await again.read(me(ANA))).outbox).toMatchObject([{ id: 'uno' }])
    expect((await again.read(me(BETO))).outbox).toEqual([])
  })

  it('keeps the words of eight people, and lets go of whoever has been away longest', async () => {
    const { local } = await opened()
    for (let number = 0; number < 10; number += 1) {
      await local.read(me(`person-${number}`))
      await storeEntry(database(local), entryOf(`entry-${number}`), null)
    }
    await local.read(me(ANA))
    expect(await database(local).count('parked')).toBe(8)
  })

  it('keeps unsent words when only the session expired', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    await local.database?.put('drafts', {
      chat_id: CHAT,
      draft: { ...EMPTY_DRAFT, text: 'a medias' },
      parked: null,
    })
    local.saver?.chat(chatOf(CHAT))
    await local.saver?.flush()
    await local.expire()
    expect(await database(local).get('meta', 'me')).toBeUndefined()
    const copy = await local.read(me(ANA))
    expect(copy.chats).toEqual([])
    expect(copy.drafts).toHaveLength(1)
  })

  it('knows who is here when only the copies were dropped', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    await local.wipeCopies()
    local.close()
    expect((await localOf(name).open())?.user_id).toBe(ANA)
  })

  it.each(['wipe', 'expire', 'wipeCopies', 'forget', 'read'] as const)(
    'has no pictures any more after %s',
    async (end) => {
      const shelves = new FakeCaches()
      vi.stubGlobal('caches', shelves)
      const { local } = await opened()
      await local.read(me(ANA))
      for (const name of ['pictures', 'shared', 'shell-1']) await shelves.open(name)
      if (end === 'forget') await local.forget(CHAT)
      else if (end === 'read') await local.read(me(BETO))
      else await local[end]()
      vi.unstubAllGlobals()
      expect(shelves.names()).toEqual(end === 'wipe' ? ['shell-1'] : ['shared', 'shell-1'])
    },
  )

  it('has nothing of a chat that was left', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT))
    await local.saver?.flush()
    await local.forget(CHAT)
    expect((await local.read(me(ANA))).chats).toEqual([])
  })

  it('of a chat that was stored empty has nothing before its first message', async () => {
    const { local } = await opened()
    const window = { chat_id: CHAT, cursor: 2, from_seq: 0, more_before: false, notices: [], bytes: 1 }
    await database(local).put('windows', { ...window, used_at: 0 })
    await database(local).put('messages', messageAt(CHAT, 2))
    const stored = await new WindowKeeper().read(database(local), CHAT)
    expect(stored).toMatchObject({ messages: [{ seq: 2 }], more_before: false })
  })

  it('says what happened before the first message where nothing is before it', async () => {
    const { local } = await opened()
    const notices = [{ seq: 1, at: '', actor_id: ANA, notice: { kind: 'joined' } }]
    const window = { chat_id: CHAT, cursor: 2, from_seq: 0, notices, bytes: 1, used_at: 0 } as const
    await database(local).put('messages', messageAt(CHAT, 2))
    const shown = async (more_before: boolean) => {
      await database(local).put('windows', { ...window, more_before } as unknown as StoredWindow)
      return (await new WindowKeeper().read(database(local), CHAT))?.notices.length
    }
    expect([await shown(false), await shown(true)]).toEqual([1, 0])
  })

  it('holds the end of a conversation, up to its cursor', async () => {
    const { local } = await opened()
    const messages = Array.from({ length: 150 }, (_, index) => messageAt(CHAT, index + 1))
    const keeper = new WindowKeeper()
    let timeline = { ...emptyTimeline(CHAT, 150), messages }
    local.saver?.window(CHAT, () => keeper.rows(timeline, 0, ANA))
    await local.saver?.flush()
    timeline = {
      ...applyToTimeline(timeline, eventAt(CHAT, 151), ANA),
      messages: [...messages, messageAt(CHAT, 151)],
    }
    local.saver?.window(CHAT, () => keeper.rows(timeline, 0, ANA))
    await local.saver?.flush()
    const database = local.database
    const read = database === null ? null : await new WindowKeeper().read(database, CHAT)
    expect(read).toMatchObject({ cursor: 151, more_before: true, more_after: false })
    expect(read?.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 52),
    )
  })

  it('is not kept of a window that does not reach the end', () => {
    const past = { ...emptyTimeline(CHAT, 9), messages: [messageAt(CHAT, 1)], more_after: true }
    expect(new WindowKeeper().rows(past, 0, ANA)).toBeNull()
  })
})

it('keeps what is told until there is somebody who writes it', async () => {
  const local = new Local(`local-${crypto.randomUUID()}`)
  await local.open()
  local.saver?.chat(chatOf(CHAT))
  await local.saver?.flush()
  expect(await local.database?.getAll('chats')).toEqual([])
  local.follow((database) => new Writer(database))
  await local.saver?.flush()
  expect(await local.database?.getAll('chats')).toMatchObject([{ chat_id: CHAT }])
})

describe('what is sent and what stands in the composer', () => {
  it('change places in one transaction', async () => {
    const { local } = await opened()
    const disk = database(local)
    const draft = { chat_id: CHAT, draft: { ...EMPTY_DRAFT, text: 'hola' }, parked: null }
    await local.saveDraft(draft)
    const entry = { id: 'm1', chat_id: CHAT, kind: 'send', text: 'hola' } as unknown as OutboxEntry
    await storeEntry(disk, entry, { ...draft, draft: EMPTY_DRAFT })
    expect([await disk.count('outbox'), await disk.count('drafts')]).toEqual([1, 0])
    const refused = { ...entry, id: () => 'no clone' } as unknown as OutboxEntry
    await local.saveDraft(draft)
    await expect(storeEntry(disk, refused, { ...draft, draft: EMPTY_DRAFT })).rejects.toThrow()
    expect([await disk.count('outbox'), await disk.count('drafts')]).toEqual([1, 1])
  })
})
