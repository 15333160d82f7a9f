import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Message } from '../../protocol/wire.ts'
import { problem } from '../../protocol/problem.ts'
import type { SearchApi, SearchHit } from '../../store/contract.ts'
import { MessageSearch } from './message-search.svelte.ts'

const message = (text: string) => ({ chat_id: 'c', seq: 1, body: { text } }) as Message
const hit = (text: string): SearchHit => ({ chat_id: 'c', message: message(text), highlights: [] })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function api(pages: Awaited<ReturnType<SearchApi['ask']>>[]) {
  return {
    stored: vi.fn<SearchApi['stored']>((_, matches) =>
      Promise.resolve(
        [message('una reunión'), message('otra')].filter(({ body }) => matches(body?.text ?? '')),
      ),
    ),
    ask: vi.fn<SearchApi['ask']>(() =>
      Promise.resolve(pages.shift() ?? { ok: false, problem: problem('offline') }),
    ),
  }
}

it('shows what is stored at once, and the answer of the server in its place', async () => {
  const asked = api([{ ok: true, value: { items: [hit('reuniones')], next_cursor: null } }])
  const search = new MessageSearch(asked, () => ['c'])
  search.look({ q: 'reunion' })
  await vi.advanceTimersByTimeAsync(0)
  expect(search.hits.map(({ highlights }) => highlights)).toEqual([[[4, 11]]])
  expect([search.answered, search.stale]).toEqual([false, false])
  await vi.advanceTimersByTimeAsync(300)
  expect(search.hits).toEqual([hit('reuniones')])
  expect([search.answered, search.busy]).toEqual([true, false])
  expect(search.words).toEqual(['reunion'])
})

it('keeps what is stored where the server does not answer', async () => {
  const search = new MessageSearch(api([]), () => ['c'])
  search.look({ q: 'reunion' })
  await vi.advanceTimersByTimeAsync(300)
  expect(search.hits).toHaveLength(1)
  expect(search.problem?.code).toBe('offline')
})

it('asks again, where it was not answered, as soon as it is told to', async () => {
  const page = { ok: true as const, value: { items: [hit('reuniones')], next_cursor: 'a' } }
  const lost = { ok: false as const, problem: problem('offline') }
  const asked = api([lost, page, lost, page])
  const search = new MessageSearch(asked, () => ['c'])
  search.look({ q: 'reunion' })
  await vi.advanceTimersByTimeAsync(300)
  await search.again()
  expect(search.hits).toEqual([hit('reuniones')])
  expect([search.problem, search.busy]).toEqual([null, false])
  // What was found stays, and so does where the next page begins.
  await search.next()
  await search.again()
  expect(search.hits).toHaveLength(2)
  expect(asked.ask.mock.calls.map(([, cursor]) => cursor)).toEqual([undefined, undefined, 'a', 'a'])
  await search.again()
  expect(asked.ask).toHaveBeenCalledTimes(4)
})

it('asks on where an answer has no hits, and page by page', async () => {
  const asked = api([
    { ok: true, value: { items: [], next_cursor: 'a' } },
    { ok: true, value: { items: [hit('uno')], next_cursor: 'b' } },
    { ok: true, value: { items: [hit('dos')], next_cursor: null } },
  ])
  const search = new MessageSearch(asked, () => [])
  search.look({ q: 'de:ana' })
  await vi.advanceTimersByTimeAsync(300)
  expect(search.hits).toEqual([hit('uno')])
  await search.next()
  expect(search.hits).toEqual([hit('uno'), hit('dos')])
  expect(asked.ask.mock.calls.map(([, cursor]) => cursor)).toEqual([undefined, 'a', 'b'])
  expect(asked.stored).not.toHaveBeenCalled()
})

it('drops an answer that was overtaken', async () => {
  const search = new MessageSearch(
    api([{ ok: true, value: { items: [hit('uno')], next_cursor: null } }]),
    () => [],
  )
  search.look({ q: 'uno' })
  await vi.advanceTimersByTimeAsync(100)
  search.look(null)
  await vi.advanceTimersByTimeAsync(300)
  expect([search.hits.length, search.busy]).toEqual([0, false])
})

it('says of hits that they belong to what was typed before', async () => {
  const page = { ok: true as const, value: { items: [hit('uno')], next_cursor: null } }
  const search = new MessageSearch(api([page, page]), () => [])
  search.look({ q: 'de:ana' })
  await vi.advanceTimersByTimeAsync(300)
  search.look({ q: 'de:luis' })
  expect([search.hits.length, search.stale]).toEqual([1, true])
  await vi.advanceTimersByTimeAsync(300)
  expect(search.stale).toBe(false)
})
