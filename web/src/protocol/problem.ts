/** Refusals, as the client sees them: the server's codes and two of its own. */

export const SERVER_CODES = [
  'bad_request',
  'unauthenticated',
  'mfa_required',
  'session_expired',
  'forbidden',
  'not_found',
  'id_conflict',
  'conflict',
  'too_large',
  'unsupported',
  'reset_required',
  'rate_limited',
  'overloaded',
  'unavailable',
  'timeout',
] as const

export type ServerCode = (typeof SERVER_CODES)[number]

/** `offline`: the server could not be reached. `unexpected`: an answer the protocol does not know. */
export type ProblemCode = ServerCode | 'offline' | 'unexpected'

/** Something was not done, and why. */
export interface ClientProblem {
  code: ProblemCode
  /** The server's sentence, for logs and as a last resort; the interface translates `code`. */
  detail: string
  retryable: boolean
  retry_after_ms: number | null
  /** What stands there instead, where the refusal says so. */
  details?: Readonly<Record<string, string>>
}

const RETRYABLE: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'rate_limited',
  'overloaded',
  'unavailable',
  'timeout',
  'offline',
])

export function problem(code: ProblemCode, detail = '', retryAfterMs: number | null = null): ClientProblem {
  return { code, detail, retryable: RETRYABLE.has(code), retry_after_ms: retryAfterMs }
}

export function isServerCode(value: unknown): value is ServerCode {
  return typeof value === 'string' && (SERVER_CODES as readonly string[]).includes(value)
}

/** Reads an error body or frame from outside; anything unknown becomes `unexpected`. */
export function decodeProblem(body: unknown): ClientProblem {
  if (typeof body !== 'object' || body === null) return problem('unexpected')
  const { code, detail, message, retry_after_ms: after, details } = body as Record<string, unknown>
  const sentence = typeof detail === 'string' ? detail : typeof message === 'string' ? message : ''
  const wait = typeof after === 'number' && Number.isFinite(after) && after >= 0 ? after : null
  const refusal = problem(isServerCode(code) ? code : 'unexpected', sentence, wait)
  return isTexts(details) ? { ...refusal, details } : refusal
}

function isTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every((each) => typeof each === 'string')
}
