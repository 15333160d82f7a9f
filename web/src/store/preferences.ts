/** How I want a chat: loud or not, where in the list; pure. */
import type { Chat, Preferences } from '../protocol/wire'
import type { PreferenceChange } from './contract'

export function preferencesOf({ level, pinned, archived, muted_until }: Chat): Preferences {
  return { level, pinned, archived, ...(muted_until === undefined ? {} : { muted_until }) }
}

/** The whole that the server wants, with one thing changed. */
export function changed(chat: Chat, { muted_until, ...change }: PreferenceChange): Preferences {
  const { muted_until: until, ...rest } = preferencesOf(chat)
  const next = muted_until === undefined ? (until ?? null) : muted_until
  return { ...rest, ...change, ...(next === null ? {} : { muted_until: next }) }
}

export function withPreferences(chat: Chat, { level, pinned, archived, muted_until }: Preferences): Chat {
  const next = { ...chat, level, pinned, archived }
  if (muted_until === undefined) delete next.muted_until
  else next.muted_until = muted_until
  return next
}
