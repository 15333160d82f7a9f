import type { Ui } from '../ui.svelte.ts'
import type { MessageSearch } from './message-search.svelte.ts'

type Part = Pick<Ui, 't' | 'explain'>
type State = Pick<MessageSearch, 'hits' | 'more' | 'problem' | 'busy' | 'answered'>

/** One line about what was found, and where it was looked for. */
export function summaryOf(ui: Part, { hits, more, problem, busy, answered }: State): string {
  const text = ui.t.search
  if (problem !== null) return hits.length > 0 && !answered ? text.onlyStored : ui.explain(problem)
  if (hits.length > 0 && !answered) return text.stored
  if (busy) return ui.t.common.loading
  if (!answered) return ''
  if (hits.length === 0) return text.none
  return more === null ? text.hits(hits.length) : text.some(hits.length)
}
