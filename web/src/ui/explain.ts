import type { Dictionary } from '../i18n/es.ts'
import type { ClientProblem } from '../protocol/problem.ts'

/** One or two sentences: what happened, and when trying again makes sense. */
export function explain(t: Dictionary, problem: ClientProblem): string {
  const what = t.problem[problem.code]
  if (!problem.retryable) return what
  const seconds = Math.ceil((problem.retry_after_ms ?? 0) / 1000)
  return `${what} ${seconds > 0 ? t.problem.retryAfter(seconds) : t.problem.retryLater}`
}
