/** The member list after an event; pure. */
import type { ChatEvent, Member } from '../protocol/wire'

/** The same list when the event is not about members. */
export function changedMembers(members: readonly Member[], event: ChatEvent): readonly Member[] {
  if (event.kind === 'member.left') return members.filter(({ user_id }) => user_id !== event.data.user_id)
  if (event.kind === 'member.joined' || event.kind === 'member.role') return withMember(members, event)
  return members
}

function withMember(
  members: readonly Member[],
  event: Extract<ChatEvent, { kind: 'member.joined' | 'member.role' }>,
): readonly Member[] {
  const { user_id, role = 'member' } = event.data
  const known = members.find((member) => member.user_id === user_id)
  if (known === undefined) return [...members, { user_id, role, joined_at: event.at }]
  return members.map((member) => (member === known ? { ...member, role } : member))
}
