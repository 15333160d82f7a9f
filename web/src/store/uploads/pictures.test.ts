// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeCaches } from '../../caches.fixtures'
import { pictures, sounds } from './pictures'

let shelves: FakeCaches
let answer: (response: Response) => void

beforeEach(() => {
  shelves = new FakeCaches()
  vi.stubGlobal('caches', shelves)
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)))
})
afterEach(() => {
  pictures.clear()
  sounds.clear()
  vi.unstubAllGlobals()
})

describe('pictures that were fetched', () => {
  it('are kept on the device only where they may be', async () => {
    const loading = pictures.load('/a', false)
    answer(new Response('picture'))
    expect(await loading).toHaveProperty('url')
    expect(pictures.peek('/a')).toBeDefined()
    expect(shelves.names()).toEqual([])
  })

  it('go with whoever leaves, also those that are still coming', async () => {
    const revoked = vi.spyOn(URL, 'revokeObjectURL')
    pictures.use('mine', new Blob(['x']))
    const loading = pictures.load('/a', true)
    pictures.clear()
    answer(new Response('picture'))
    expect(await loading).toEqual({ failed: 'gone' })
    expect(revoked).toHaveBeenCalledOnce()
    expect(pictures.peek('mine')).toBeUndefined()
    expect(pictures.peek('/a')).toBeUndefined()
    expect(shelves.names()).toEqual([])
  })

  it('do not take away what is heard', () => {
    const url = sounds.use('voice', new Blob(['x']))
    for (let n = 0; n < 300; n += 1) pictures.use(`picture-${n}`, new Blob(['x']))
    expect(sounds.peek('voice')).toBe(url)
    expect(pictures.peek('picture-0')).toBeUndefined()
  })
})
