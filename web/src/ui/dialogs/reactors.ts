import type { ReactionEntry } from '../../protocol/wire.ts'

/** People by their reaction; the most frequent first, each in the order in which people came to it. */
export function byEmoji(entries: readonly ReactionEntry[]): [emoji: string, userIds: string[]][] {
  const groups = new Map<string, string[]>()
  const inTime = [...entries].sort((one, other) => one.reacted_at.localeCompare(other.reacted_at))
  for (const { emoji, user_id } of inTime) {
    const group = groups.get(emoji)
    if (group === undefined) groups.set(emoji, [user_id])
    else group.push(user_id)
  }
  return [...groups].sort(([, some], [, others]) => others.length - some.length)
}
