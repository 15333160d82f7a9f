import type { Dictionary } from '../../i18n/es.ts'

/** Why a message or a change was refused; nothing where the code says no more than "it failed". */
export function refusal(t: Dictionary, code: string | null): string {
  const sentences = t.problem as Record<string, unknown>
  const sentence = code === null || code === 'unexpected' ? undefined : sentences[code]
  return typeof sentence === 'string' ? sentence : ''
}
