import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import type { SentFile } from '../protocol/wire'
import { ANA, messageAt } from './fixtures'
import { WindowKeeper } from './keeping'
import { CHAT, opened } from './local.fixtures'
import { Search, type SearchPort } from './search'
import { emptyTimeline } from './state'

function port(search: SearchPort['api']['search']): SearchPort {
  return { api: { search }, database: () => null, flush: () => Promise.resolve() }
}

describe('a search', () => {
  it('asks for what was typed and narrowed, page by page', async () => {
    const ask = vi.fn<SearchPort['api']['search']>(() =>
      Promise.resolve({ ok: true, value: { hits: [], next_cursor: 'b' } }),
    )
    const search = new Search(port(ask))
    const outcome = await search.ask({ q: 'reunion', has: 'link' }, 'a')
    expect(outcome).toEqual({ ok: true, value: { items: [], next_cursor: 'b' } })
    expect(ask).toHaveBeenCalledWith({ q: 'reunion', has: 'link', cursor: 'a' })
  })

  it('looks through the names of files here, as the server does', async () => {
    const { local } = await opened()
    const files = [{ name: 'Guía.pdf' }] as unknown as SentFile[]
    const timeline = { ...emptyTimeline(CHAT, 1), messages: [{ ...messageAt(CHAT, 1), files }] }
    local.saver?.window(CHAT, () => new WindowKeeper().rows(timeline, Date.now(), ANA))
    await local.saver?.flush()
    const search = new Search({ ...port(vi.fn()), database: () => local.database })
    expect(await search.stored([CHAT], (text) => text.includes('Guía'))).toMatchObject([{ seq: 1, files }])
    local.close()
  })

  it('finds nothing here where nothing is stored', async () => {
    const ask = vi.fn<SearchPort['api']['search']>()
    expect(await new Search(port(ask)).stored(['a'], () => true)).toEqual([])
    expect(ask).not.toHaveBeenCalled()
  })
})
