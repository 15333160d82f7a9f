import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeCaches } from '../caches.fixtures.ts'
import { dropShared, readShared, withShared } from './sharing.ts'

beforeEach(() => {
  vi.stubGlobal('caches', new FakeCaches())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('withShared', () => {
  it('loses nothing that was written', () => {
    expect(withShared('', 'https://example.org')).toBe('https://example.org')
    expect(withShared('mira', 'https://example.org')).toBe('mira\nhttps://example.org')
  })
})

describe('what another application shared', () => {
  it('is there, words and files, until a conversation has it', async () => {
    expect(await readShared()).toBeNull()
    const shelf = await caches.open('shared')
    await shelf.put('/shared-text', new Response('mira'))
    await shelf.put('/shared-file/0/a%20b.txt', new Response('abc'))
    for (const shared of [await readShared(), await readShared()]) {
      expect(shared?.text).toBe('mira')
      expect(shared?.files.map(({ name, size }) => [name, size])).toEqual([['a b.txt', 3]])
    }
    await dropShared()
    expect(await readShared()).toBeNull()
  })
})
