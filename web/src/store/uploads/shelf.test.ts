// @vitest-environment node
import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { openDatabase, storeEntry, wipe, type Database } from '../db'
import { ANA } from '../fixtures'
import type { LocalFile, OutboxEntry } from '../state'
import { Shelf } from './shelf'

const LATER = 10_000_000
let names = 0

async function shelves(max?: number): Promise<{ shelf: Shelf; database: Database }> {
  const database = await openDatabase(`shelf-${(names += 1)}`)
  return { database, shelf: new Shelf(() => database, max) }
}

function file(id: string): LocalFile {
  return { id, name: id, size: 4, type: '', width: null, height: null, alt: '' }
}

function entryWith(...files: LocalFile[]): OutboxEntry {
  return {
    id: files[0]?.id,
    chat_id: 'c',
    kind: 'send',
    state: 'queued',
    order: 1,
    text: '',
    files,
  } as unknown as OutboxEntry
}

const bytes = (text = 'abcd') => new Blob([text])

describe('the shelf of unsent files', () => {
  it('outlives the page', async () => {
    const { shelf, database } = await shelves()
    expect(await shelf.put('a', bytes(), 0)).toBe(true)
    const next = new Shelf(() => database)
    expect(await (await next.get('a'))?.text()).toBe('abcd')
    await next.remove(['a'])
    expect(await new Shelf(() => database).get('a')).toBeNull()
  })

  it('holds what is too much for the disk as long as the page lives', async () => {
    const { shelf, database } = await shelves(6)
    expect(await shelf.put('a', bytes(), 0)).toBe(true)
    expect(shelf.holds).toBe(false)
    expect(await shelf.put('b', bytes(), 0)).toBe(false)
    expect((await shelf.get('b'))?.size).toBe(4)
    expect(shelf.holds).toBe(true)
    expect(await new Shelf(() => database).get('b')).toBeNull()
    await shelf.remove(['b'])
    expect(shelf.holds).toBe(false)
  })

  it('stores nothing on a computer of other people', async () => {
    const shelf = new Shelf(() => null)
    expect(await shelf.put('a', bytes(), 0)).toBe(false)
    expect((await shelf.get('a'))?.size).toBe(4)
    shelf.clear()
    expect(await shelf.get('a')).toBeNull()
  })

  it('keeps what something unsent names, smaller pictures with their originals', async () => {
    const { shelf, database } = await shelves()
    for (const id of ['small', 'full', 'drafted', 'parked', 'lost', 'young'])
      await shelf.put(id, bytes(), id === 'young' ? LATER - 1_000 : 0)
    await storeEntry(database, entryWith({ ...file('small'), full: file('full') }), {
      chat_id: 'c',
      draft: { text: '', reply_to: null, editing: null, files: [file('drafted')] },
      parked: null,
    })
    await database.put('parked', { user_id: ANA, outbox: [entryWith(file('parked'))], drafts: [], at: 0 })
    await shelf.sweep(LATER)
    expect((await database.getAllKeys('blobs')).sort()).toEqual([
      'drafted',
      'full',
      'parked',
      'small',
      'young',
    ])
  })

  it('is emptied by whoever leaves, but for what another left unsent', async () => {
    const { shelf, database } = await shelves()
    for (const id of ['mine', 'parked']) await shelf.put(id, bytes(), LATER)
    await storeEntry(database, entryWith(file('mine')), null)
    await database.put('parked', { user_id: ANA, outbox: [entryWith(file('parked'))], drafts: [], at: 0 })
    await wipe(database)
    expect(await database.getAllKeys('blobs')).toEqual(['parked'])
  })
})
