/** Why a socket closed, and whether to come back. */
import type { ConnectionReason } from '../store/contract'

export interface Closing {
  reason: ConnectionReason
  reconnect: boolean
}

const REASONS: ReadonlyMap<number, ConnectionReason> = new Map([
  [4000, 'server_error'],
  [4001, 'restarting'],
  [4002, 'server_error'],
  [4003, 'heartbeat'],
  [4008, 'slow'],
  [4013, 'overloaded'],
  [4029, 'rate_limited'],
  [4500, 'unsupported'],
  [4501, 'unsupported'],
  [4503, 'unauthenticated'],
  [4504, 'revoked'],
  [4505, 'disabled'],
  [4506, 'too_many_sessions'],
])

/** 4500 to 4999 mean stop; every other code, a lost network included, means come back. */
export function closing(code: number): Closing {
  const reconnect = code < 4500 || code > 4999
  return { reason: REASONS.get(code) ?? (reconnect ? 'network' : 'unsupported'), reconnect }
}
