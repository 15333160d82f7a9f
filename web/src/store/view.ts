/** What this device shows, as the server needs to know it; pure. */
import type { View } from '../protocol/wire'
import type { ChatRow } from './contract'

/** The first lines of the list get bodies and typing too; the rest get heads. */
const LIST_OPEN = 10
const OPEN_MAX = 50
const USERS_MAX = 200

export interface Shown {
  /** Open conversations, newest first. */
  conversations: readonly string[]
  rows: readonly ChatRow[]
  watched: readonly string[]
  visible: boolean
}

/** Sorted, so that the same view is the same text whatever the order on the screen. */
export function viewOf({ conversations, rows, watched, visible }: Shown): Required<View> {
  const listed = rows.filter(({ chat }) => !chat.archived).slice(0, LIST_OPEN)
  const known = new Set(rows.map(({ chat_id }) => chat_id))
  const open = [
    ...conversations.filter((chatId) => known.has(chatId)),
    ...listed.map(({ chat_id }) => chat_id),
  ]
  const peers = listed.flatMap(({ chat }) => chat.peer_id ?? [])
  return {
    open: [...new Set(open)].slice(0, OPEN_MAX).sort(),
    levels: {},
    users: [...new Set([...watched, ...peers])].slice(0, USERS_MAX).sort(),
    mode: visible ? 'active' : 'background',
  }
}
