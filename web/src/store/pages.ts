/** Lists that the server gives in pages. */
import type { Outcome } from './contract'

/** No list that a person looks at is longer; a server that never ends must not hold the client. */
const PAGES_MAX = 50

interface Paged {
  next_cursor: string | null
}

/** Every item of every page, or the first refusal. */
export async function allPages<P extends Paged, T>(
  fetch: (cursor?: string) => Promise<Outcome<P>>,
  items: (page: P) => readonly T[],
): Promise<Outcome<readonly T[]>> {
  const found: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const outcome = await fetch(cursor)
    if (!outcome.ok) return outcome
    found.push(...items(outcome.value))
    if (outcome.value.next_cursor === null) break
    cursor = outcome.value.next_cursor
  }
  return { ok: true, value: found }
}
