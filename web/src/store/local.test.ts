import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { describe, expect, it, vi } from 'vitest'
import { FakeCaches } from '../caches.fixtures'
import type { ChatEvent, Me } from '../protocol/wire'
import { openDatabase, storeEntry, type Database, type StoredWindow } from './db'
import { EMPTY_DRAFT, nextDraft, NO_DRAFT } from './drafts'
import { ANA, BETO, chatOf, eventAt, idOf, messageAt } from './fixtures'
import { applyToTimeline } from './apply'
import { WindowKeeper } from './keeping'
import { storedBefore } from './stored-pages'
import { Local } from './local'
import { Saver } from './saver'
import { emptyTimeline, type OutboxEntry } from './state'
import { Writer } from './writer'

const CHAT = 'chat-1'
const me = (user_id: string): Me => ({
  user_id,
  username: 'x',
  display_name: 'X',
  about: '',
  locale: 'es',
  role: 'member',
})
const entryOf = (id: string) =>
  ({ id, chat_id: CHAT, kind: 'send', state: 'queued', order: 1, text: id }) as unknown as OutboxEntry
let names = 0

/** With what writes, as soon as there is a connection. */
function localOf(name: string): Local {
  const local = new Local(name)
  local.follow((database) => new Writer(database))
  return local
}

async function opened(name = `local-${(names += 1)}`): Promise<{ local: Local; name: string }> {
  const local = localOf(name)
  await local.open()
  return { local, name }
}

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
    const name = `local-${(names += 1)}`
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
  const local = new Local(`local-${(names += 1)}`)
  await local.open()
  local.saver?.chat(chatOf(CHAT))
  await local.saver?.flush()
  expect(await local.database?.getAll('chats')).toEqual([])
  local.follow((database) => new Writer(database))
  await local.saver?.flush()
  expect(await local.database?.getAll('chats')).toMatchObject([{ chat_id: CHAT }])
})

/** A keeper and the disk, as a conversation drives them. */
async function kept(local: Local, first: number, last: number) {
  const keeper = new WindowKeeper()
  const messages = Array.from({ length: last - first + 1 }, (_, index) => messageAt(CHAT, first + index))
  const chat = { timeline: { ...emptyTimeline(CHAT, last), messages, more_before: first > 1 } }
  const save = async () => {
    local.saver?.window(CHAT, () => keeper.rows(chat.timeline, Date.now(), ANA))
    await local.saver?.flush()
  }
  await save()
  return { chat, keeper, save }
}

function database(local: Local): Database {
  if (local.database === null) throw new Error('no database')
  return local.database
}

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

describe('room', () => {
  it('is made by the chats that nobody looked at for longest', async () => {
    const name = `room-${(names += 1)}`
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
    const disk = await openDatabase(`room-${(names += 1)}`)
    const saver = new Saver(disk)
    saver.follow(() => new Writer(disk, 150_000))
    const messages = Array.from({ length: 600 }, (_, at) => messageAt(CHAT, at + 1))
    saver.window(CHAT, () => new WindowKeeper().rows({ ...emptyTimeline(CHAT, 600), messages }, 1, ANA))
    await saver.flush()
    expect(await disk.get('windows', CHAT)).toMatchObject({ from_seq: 401, more_before: true })
    expect(await disk.count('messages')).toBe(200)
  })
})

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

describe('drafts', () => {
  it('an edit puts the unsent text aside and brings it back', () => {
    const unsent = { ...NO_DRAFT, draft: { ...EMPTY_DRAFT, text: 'nuevo' } }
    const editing = { text: 'viejo', reply_to: null, editing: { message_id: 'm', base_revision: 1 } }
    const during = nextDraft(unsent, editing)
    expect(during.parked?.text).toBe('nuevo')
    const typed = nextDraft(during, { ...editing, text: 'viejo, corregido' })
    expect(nextDraft(typed, EMPTY_DRAFT)).toEqual(unsent)
  })
})
