import type { Chat } from '../protocol/wire.ts'

/** Whether people come and go there: not between two, and not where one keeps things for oneself. */
export function isShared({ kind }: Chat): boolean {
  return kind === 'group' || kind === 'channel'
}
