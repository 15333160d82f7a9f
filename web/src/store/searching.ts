/** The search, whose code comes with that of the connection. */
import type { SearchApi } from './contract'
import type { SearchPort } from './search'

export function searching(port: SearchPort): SearchApi {
  const search = async () => new (await import('./search')).Search(port)
  return {
    stored: async (chatIds, matches) => (await search()).stored(chatIds, matches),
    ask: async (input, cursor) => (await search()).ask(input, cursor),
  }
}
