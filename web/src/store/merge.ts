/** A fetched chat and what was learnt of it while the fetch was on its way; pure. */
import type { Chat } from '../protocol/wire'
import { preferencesOf, withPreferences } from './preferences'

/** What reached the local copy after a fetch was begun. */
export interface Touched {
  /** Read marks, mentions or preferences: the person's own log, which the chat's `seq` says nothing about. */
  mine: boolean
}

/** The fetched one, with what is newer in the local one. */
export function mergeChat(local: Chat | undefined, fetched: Chat, touched: Touched): Chat {
  if (local === undefined) return fetched
  const log = local.seq > fetched.seq ? newerLog(local) : {}
  const mine = touched.mine ? { read_n: local.read_n, mentions: local.mentions } : {}
  const merged = { ...fetched, ...log, ...mine }
  return touched.mine ? withPreferences(merged, preferencesOf(local)) : merged
}

/** Everything that the chat's log decides. */
function newerLog({
  seq,
  n,
  last_message,
  title,
  topic,
  settings,
  updated_at,
  member_count,
  role,
}: Chat): Partial<Chat> {
  const last = last_message === undefined ? {} : { last_message }
  return { seq, n, title, topic, settings, updated_at, member_count, role, ...last }
}
