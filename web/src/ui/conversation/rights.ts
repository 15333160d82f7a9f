import type { Chat } from '../../protocol/wire.ts'
import type { ChatRow } from '../../store/contract.ts'
import { isShared } from '../shared.ts'
import type { Rights } from './actions.ts'

const NOTHING: Rights = { write: false, moderate: false }
const MODERATE: Rights = { write: false, moderate: true }
const WRITE: Rights = { write: true, moderate: false }
const ALL: Rights = { write: true, moderate: true }

/**
 * What my role lets me do in a chat. The server decides; this only hides what it would refuse.
 * The same rights are the same object: whoever depends on them does not run again with each message.
 */
export function rightsIn(chat: Chat): Rights {
  const runs = chat.role === 'owner' || chat.role === 'admin'
  const reads = chat.role === 'guest'
  const write = runs || (!reads && chat.settings.post !== 'admins')
  const moderate = runs && isShared(chat)
  if (moderate) return write ? ALL : MODERATE
  return write ? WRITE : NOTHING
}

/** Whether there is a composer: my role lets me write, and it is nobody whom I blocked. */
export function mayWrite({ chat, peer }: ChatRow, users: { blocked(userId: string): boolean }): boolean {
  return rightsIn(chat).write && (peer === null || !users.blocked(peer.user_id))
}
