import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '../protocol/wire'
import type { StoredDraft } from './db'
import { EMPTY_DRAFT } from './drafts'
import { ANA, BETO, dice, idOf } from './fixtures'
import { Journal, later, LENGTH_MAX, ROWS_MAX, type JournalRow } from './journal'
import { Local } from './local'
import type { OutboxEntry } from './state'

const CHAT = 'chat-1'

/** A browser's storage, which may be full. */
class Shelf implements Storage {
  readonly #items = new Map<string, string>()
  full = false

  get length(): number {
    return this.#items.size
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError')
    this.#items.set(key, value)
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  clear(): void {
    this.#items.clear()
  }
}

function typed(text: string, at: number, chat_id = CHAT): StoredDraft {
  return { chat_id, draft: { ...EMPTY_DRAFT, text }, parked: null, at }
}

function sent(number: number, chat_id = CHAT): OutboxEntry {
  const common = { created_at: '', state: 'queued' as const, code: null, seq: null }
  const text = `mensaje ${number}`
  return { ...common, id: idOf(number), chat_id, order: number, kind: 'send', text, reply_to: null }
}

let shelf: Shelf
let journal: Journal

/** What the next page of that person finds. */
function found(userId = ANA): readonly JournalRow[] {
  return new Journal(() => shelf).read(userId)
}

function texts(userId = ANA): string[] {
  return found(userId).map(({ draft }) => draft.text)
}

beforeEach(() => {
  vi.useRealTimers()
  shelf = new Shelf()
  journal = new Journal(() => shelf)
  journal.read(ANA)
})

describe('the journal', () => {
  it('has every key when the tab dies', () => {
    for (const text of ['h', 'ho', 'hol', 'hola']) journal.note(typed(text, text.length))
    expect(texts()).toEqual(['hola'])
  })

  it('is one person’s', () => {
    journal.note(typed('secreto', 1))
    expect(texts(BETO)).toEqual([])
    journal.read(BETO)
    journal.note(typed('de Beto', 2))
    journal.wipe()
    expect([texts(BETO), texts()]).toEqual([[], ['secreto']])
  })

  it('lets go of what the database has, a while after the last key', () => {
    vi.useFakeTimers()
    journal.note(typed('hola', 1))
    journal.taken(typed('hola', 1))
    expect(texts()).toEqual(['hola'])
    vi.runAllTimers()
    expect(shelf.length).toBe(0)
  })

  it('keeps a key that came while the database took the one before', () => {
    vi.useFakeTimers()
    journal.note(typed('hol', 1))
    journal.note(typed('hola', 2))
    journal.taken(typed('hol', 1))
    vi.runAllTimers()
    expect(texts()).toEqual(['hola'])
  })

  it('leaves another tab’s newer row alone', () => {
    vi.useFakeTimers()
    journal.note(typed('aquí', 1))
    journal.taken(typed('aquí', 1))
    const other = new Journal(() => shelf)
    other.read(ANA)
    other.note(typed('allá', 2))
    vi.runAllTimers()
    expect(texts()).toEqual(['allá'])
  })

  it('has what was sent until the database has it, with the emptied composer', () => {
    journal.note(typed('mensaje 1', 1))
    journal.note(typed('', 2), sent(1))
    journal.note(typed('', 3), sent(2))
    expect(found()).toMatchObject([{ draft: { text: '' }, entries: [{ id: idOf(1) }, { id: idOf(2) }] }])
    journal.settled(sent(1))
    expect(found()[0]?.entries.map(({ id }) => id)).toEqual([idOf(2)])
  })

  it('does without a storage, and without room in it', () => {
    for (const storage of [() => null, refuse]) {
      const none = new Journal(storage)
      expect(none.read(ANA)).toEqual([])
      none.note(typed('hola', 1))
      none.taken(typed('hola', 1))
      none.drop(CHAT)
      none.wipe()
    }
    journal.note(typed('ho', 1))
    shelf.full = true
    journal.note(typed('hola', 2))
    // Not "ho", which would stand there as if it were the last.
    expect(texts()).toEqual([])
  })

  it('takes no text longer than a message, and no more rows than its bound', () => {
    journal.note(typed('hola', 1))
    journal.note(typed('x'.repeat(LENGTH_MAX), 2))
    expect(texts()).toEqual([])
    for (let number = 0; number < 3 * ROWS_MAX; number += 1)
      journal.note(typed(`${number}`, number, `chat-${number}`))
    expect(shelf.length).toBe(ROWS_MAX)
    expect(texts()[0]).toBe(`${3 * ROWS_MAX - 1}`)
  })

  it('bounds what people left who never came back', () => {
    for (let number = 0; number < 3 * ROWS_MAX; number += 1) {
      journal.read(`person-${number}`)
      journal.note(typed('hola', number))
    }
    journal.read(ANA)
    expect(shelf.length).toBe(ROWS_MAX)
    expect(texts('person-0')).toEqual([])
  })

  it('takes nothing that is no row', () => {
    shelf.setItem(`words:${ANA}:a`, '{')
    shelf.setItem(`words:${ANA}:b`, 'null')
    shelf.setItem(`words:${ANA}:c`, '{"chat_id":"c","draft":{"text":"x"},"parked":null,"at":"soon"}')
    shelf.setItem('theme', 'dark')
    expect(found()).toEqual([])
    expect([shelf.length, shelf.getItem('theme')]).toEqual([1, 'dark'])
  })
})

describe('of a journal and a database', () => {
  const row = (text: string, at: number): JournalRow => ({ ...typed(text, at), at, entries: [] })

  it('the newer counts, with what only the database knows', () => {
    const stored = { ...typed('hol', 3), agreed: { text: 'ho', version: 2 }, other: 'otra' }
    expect(later(stored, row('hola', 4))).toEqual({ ...stored, ...typed('hola', 4) })
    expect(later(stored, row('ho', 2))).toBe(stored)
    expect(later(stored, row('ho', 3))).toBe(stored)
    expect(later(undefined, row('ho', 3))).toEqual(typed('ho', 3))
  })

  it('no key is lost and no older one comes back, whatever the database took', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = dice(seed)
      let stored: StoredDraft | undefined
      let last = ''
      shelf.clear()
      journal.read(ANA)
      for (let at = 1; at <= 20; at += 1) {
        last = random() < 0.1 ? '' : last + String.fromCodePoint(97 + at)
        journal.note(typed(last, at))
        if (random() < 0.4) {
          stored = typed(last, at)
          journal.taken(stored)
        }
        if (random() < 0.1) {
          vi.useFakeTimers()
          journal.taken(stored ?? typed('', 0))
          vi.runAllTimers()
          vi.useRealTimers()
        }
      }
      const rows = found()
      const text = rows.length === 0 ? stored?.draft.text : later(stored, rows[0] ?? row('', 0)).draft.text
      expect(text, `seed ${seed}`).toBe(last)
    }
  })
})

describe('the local copy with a journal', () => {
  const me: Me = { user_id: ANA, username: 'x', display_name: 'X', about: '', locale: 'es', role: 'member' }
  let names = 0

  async function opened(name = `journal-${(names += 1)}`): Promise<{ local: Local; name: string }> {
    const local = new Local(name, () => true, new Journal(() => shelf))
    await local.open()
    return { local, name }
  }

  it('has what the database had not taken: the last key, and what was sent', async () => {
    const { local, name } = await opened()
    await local.read(me)
    await local.saveDraft({ ...typed('hol', 1), agreed: { text: 'ho', version: 1 } })
    await local.saveDraft(typed('adiós', 1, 'chat-2'))
    // The tab dies here: these were told to the journal alone.
    local.close()
    void local.saveDraft(typed('hola', 2))
    void local.storeEntry(sent(1, 'chat-2'), typed('', 2, 'chat-2')).catch(() => undefined)
    const again = (await opened(name)).local
    const copy = await again.read(me)
    const texts = new Map(copy.drafts.map(({ chat_id, draft }) => [chat_id, draft.text]))
    expect(texts).toEqual(
      new Map([
        [CHAT, 'hola'],
        ['chat-2', ''],
      ]),
    )
    expect(copy.drafts.find(({ chat_id }) => chat_id === CHAT)?.agreed).toEqual({ text: 'ho', version: 1 })
    expect(copy.outbox).toMatchObject([{ id: idOf(1) }])
    again.close()
    shelf.clear()
    const third = (await opened(name)).local
    expect(await third.read(me)).toMatchObject({ drafts: [{ draft: { text: 'hola' } }], outbox: [{}] })
  })

  it('waits for its owner while another is here, and goes when its owner leaves', async () => {
    const { local, name } = await opened()
    await local.read(me)
    await local.saveDraft(typed('ho', 1))
    local.close()
    void local.saveDraft(typed('hola', 2))
    const { local: second } = await opened(name)
    expect((await second.read({ ...me, user_id: BETO })).drafts).toEqual([])
    expect((await second.read(me)).drafts).toMatchObject([{ draft: { text: 'hola' } }])
    void second.saveDraft(typed('hola otra vez', 3))
    await second.wipe()
    expect(found()).toEqual([])
  })

  it('has nothing of a chat that was left', async () => {
    const { local } = await opened()
    await local.read(me)
    void local.saveDraft(typed('hola', 1))
    await local.forget(CHAT)
    expect(found()).toEqual([])
  })

  it('is all there is where there is no database', async () => {
    const local = new Local('none', () => true, new Journal(() => shelf))
    await local.read(me)
    await local.saveDraft(typed('hola', 1))
    await local.storeEntry(sent(1, 'chat-2'), typed('', 2, 'chat-2'))
    const again = new Local('none', () => true, new Journal(() => shelf))
    expect(await again.read(me)).toMatchObject({
      drafts: [{ draft: { text: '' } }, { draft: { text: 'hola' } }],
      outbox: [{ id: idOf(1) }],
    })
    await again.eraseEntry(sent(1, 'chat-2'))
    expect(found().flatMap(({ entries }) => entries)).toEqual([])
  })
})

function refuse(): Storage {
  throw new DOMException('no', 'SecurityError')
}
