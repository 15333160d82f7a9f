/** How the connection stands. */

/** `store.connection`: show a banner when `state` has not been `live` for 2 s (`since`). */
export interface ConnectionApi {
  readonly state: 'offline' | 'connecting' | 'live' | 'stopped'
  /** Why it is not live; null while live or before the first attempt. */
  readonly reason: ConnectionReason | null
  /** Epoch milliseconds at which `state` became what it is. */
  readonly since: number
  /** Epoch milliseconds of the next attempt, when one is planned. */
  readonly next_attempt_at: number | null
  /** Tries now instead of waiting; no effect while live. */
  retryNow(): void
}

export type ConnectionReason =
  | 'network'
  | 'heartbeat'
  | 'restarting'
  | 'overloaded'
  | 'rate_limited'
  | 'slow'
  | 'server_error'
  | 'unauthenticated'
  | 'revoked'
  | 'disabled'
  | 'too_many_sessions'
  | 'unsupported'
