/** How long to wait before trying again; pure, so that tests choose the dice. */

export const BASE_MS = 500
/** Service resumes within ten seconds of a fault that has gone: nobody waits longer than this. */
export const CAP_MS = 8_000
/** A connection that held this long starts counting anew. */
export const STABLE_MS = 60_000

/**
 * Full jitter: evenly between 0 and a ceiling that doubles with each attempt, from 0.5 s to 8 s.
 *
 * `attempt` counts failures from 0; `random` is in [0, 1). All clients of a node that died come back
 * spread over the whole interval, which a fixed delay with a little noise does not give. A server that
 * cannot take them all at once says so, and when to come back.
 */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 16))
  return Math.round(random * ceiling)
}
