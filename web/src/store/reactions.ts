/** The reactions to a message after a change of it; pure. */
import type { Message, Reaction } from '../protocol/wire'

/** A shared frame cannot say which reactions are mine: that is carried over. */
export function keepMine(old: Message, now: Message): Message {
  const mine = new Set(old.reactions.filter((reaction) => reaction.mine).map(({ emoji }) => emoji))
  const reactions = now.reactions.map((reaction) => ({
    ...reaction,
    mine: reaction.mine ?? mine.has(reaction.emoji),
  }))
  return { ...now, reactions }
}

/** `mine` null: somebody else's, mine stays as it was. */
export function react(
  reactions: readonly Reaction[],
  now: { emoji: string; count: number },
  mine: boolean | null,
): Reaction[] {
  const old = reactions.find(({ emoji }) => emoji === now.emoji)
  const changed = { ...now, mine: mine ?? old?.mine ?? false }
  if (now.count <= 0) return reactions.filter(({ emoji }) => emoji !== now.emoji)
  if (old === undefined) return [...reactions, changed]
  return reactions.map((reaction) => (reaction.emoji === now.emoji ? changed : reaction))
}
