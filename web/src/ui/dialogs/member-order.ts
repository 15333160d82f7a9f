import type { ChatRole, Member } from '../../protocol/wire.ts'

const ORDER: Readonly<Record<string, number>> = { owner: 0, admin: 1, member: 2, guest: 3 } satisfies Record<
  ChatRole,
  number
>
/** A role that this page does not know stands last. */
const rank = (role: string) => ORDER[role] ?? 4

/** Who runs the chat first, then by name. */
export function byRoleAndName(members: readonly Member[], nameOf: (userId: string) => string): Member[] {
  return [...members].sort(
    (one, other) =>
      rank(one.role) - rank(other.role) || nameOf(one.user_id).localeCompare(nameOf(other.user_id)),
  )
}
