import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { Search, type SearchPort } from './search'

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

  it('finds nothing here where nothing is stored', async () => {
    const ask = vi.fn<SearchPort['api']['search']>()
    expect(await new Search(port(ask)).stored(['a'], () => true)).toEqual([])
    expect(ask).not.toHaveBeenCalled()
  })
})
