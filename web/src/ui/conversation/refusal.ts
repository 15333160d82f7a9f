import type { Dictionary } from '../../i18n/es.ts'

/** Why a message or a change was refused; nothing where the code says no more than "it failed". */
export function refusal(t: Dictionary, code: string | null): string {
  const sentences = t.problem as Record<string, unknown>
  const reasons = (t as { files?: { reason: Record<string, unknown> } }).files?.reason
  const sentence = code === null || code === 'unexpected' ? undefined : (sentences[code] ?? reasons?.[code])
  return typeof sentence === 'string' ? sentence : ''
}

/** Why something is not sent yet, where there is more to say than that it is on its way. */
export function waiting(t: Dictionary, code: string | null, live: boolean): string | null {
  if (!live) return t.talk.waiting.offline
  if (code === null) return null
  const reasons: Readonly<Record<string, string>> = t.talk.waiting.reasons
  return t.talk.waiting.because(reasons[code] ?? t.talk.waiting.reasons.unavailable)
}
