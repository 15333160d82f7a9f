/** What a refusal means for an entry of the outbox; pure. */
import type { ClientProblem } from '../protocol/problem'
import { ownLane } from './lanes'
import type { OutboxEntry } from './state'

/** It says nothing about the entry itself: tried again. */
export function waits(refusal: ClientProblem): boolean {
  return refusal.retryable || refusal.code === 'unauthenticated' || refusal.code === 'session_expired'
}

/** Not refused: it may have arrived. */
export function isUnanswered({ code }: ClientProblem): boolean {
  return code === 'offline' || code === 'timeout'
}

/** Refused, it is no loss of anybody's words. */
export function isTrifle(entry: OutboxEntry, { code }: ClientProblem): boolean {
  return entry.kind === 'reaction' || ownLane(entry) || (entry.kind === 'pin' && code === 'not_found')
}

/** Of files, and of what has its time, the reason says more than the code. */
export function whyFailed(entry: OutboxEntry, { code, details }: ClientProblem): string {
  const more = entry.kind === 'send' && (entry.files !== undefined || entry.send_at !== undefined)
  return (more ? details?.['reason'] : undefined) ?? code
}
