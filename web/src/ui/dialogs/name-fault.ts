import type { Dictionary } from '../../i18n/es.ts'
import type { ClientProblem } from '../../protocol/problem.ts'
import { faultyField } from '../entry/account.ts'

/** What is wrong with a name, to be said at its field, where that is what the server refused. */
export function nameFault(t: Dictionary, field: string, refusal: ClientProblem | null): string | null {
  return refusal !== null && faultyField(refusal) === field ? t.entry.nameRefused : null
}
