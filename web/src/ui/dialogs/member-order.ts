import type { ChatRole, Member } from '../../protocol/wire.ts'

const ORDER: Record<ChatRole, number> = { owner: 0, admin: 1, member: 2, guest: 3 }

/** Who runs the chat first, then by name. */
export function byRoleAndName(members: readonly Member[], nameOf: (userId: string) => string): Member[] {
  return [...members].sort(
    (one, other) =>
      ORDER[one.role] - ORDER[other.role] || nameOf(one.user_id).localeCompare(nameOf(other.user_id)),
  )
}
