import type { SearchInput } from '../../store/contract.ts'

/** The server takes no more, in characters. */
export const QUERY_MAX = 200

/** How a search is narrowed besides by words; days are `2026-03-09` or empty. */
export interface Narrowing {
  chatId: string | null
  from: string | null
  has: 'link' | 'file' | null
  since: string
  until: string
}

/** What to ask for; null where there is nothing to look for. A chat alone is no search. */
export function inputOf(typed: string, by: Narrowing): SearchInput | null {
  const q = typed.trim() === '' ? '' : typed
  const narrowed = present({
    from: by.from,
    has: by.has,
    after: beginningOf(by.since),
    before: beginningOf(by.until, 1),
  })
  if (q === '' && Object.keys(narrowed).length === 0) return null
  return { q, ...present({ chat_id: by.chatId }), ...narrowed }
}

/** The first instant of a day where the reader is; null where there is none. */
export function beginningOf(day: string, later = 0): string | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (found === null) return null
  const at = new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + later)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Present<T>
}
