import type { Chat } from '../../protocol/wire.ts'
import type { Rights } from './actions.ts'

/** What my role lets me do in a chat. The server decides; this only hides what it would refuse. */
export function rightsIn(chat: Chat): Rights {
  const runs = chat.role === 'owner' || chat.role === 'admin'
  const reads = chat.role === 'guest'
  return {
    write: runs || (!reads && chat.settings.post !== 'admins'),
    moderate: runs && chat.kind !== 'direct',
  }
}
