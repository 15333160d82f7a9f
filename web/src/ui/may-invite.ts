import type { Me } from '../protocol/wire.ts'

/** Whether this person may invite others to the server itself. */
export function mayInvite(me: Me | null): boolean {
  return me?.role === 'owner' || me?.role === 'admin'
}
