import type { ChatRow } from '../../store/contract.ts'
import { fold } from '../fold.ts'
import { isShared } from '../shared.ts'
import type { Folder } from './folders.svelte.ts'

/** Which part of the list is shown: one of these, or a folder by its id. */
export type Filter = 'all' | 'unread' | 'groups' | 'archived' | { folder: string }

/** The lines that a filter and what is typed leave; archived ones are apart, except for who searches. */
export function shownRows(
  rows: readonly ChatRow[],
  filter: Filter,
  typed: string,
  folders: readonly Folder[],
  titleOf = ({ title }: ChatRow) => title,
): ChatRow[] {
  const words = fold(typed.trim()).split(/\s+/u)
  const found = rows.filter((row) => {
    const title = fold(titleOf(row))
    return words.every((word) => title.includes(word))
  })
  const searching = typed.trim() !== '' && filter === 'all'
  return found.filter((row) => searching || matches(row, filter, folders))
}

/** What came to chats that were put aside: nothing else in the list shows it. */
export function unreadAside(rows: readonly ChatRow[]): number {
  return rows.reduce((sum, { chat, muted, unread }) => sum + (chat.archived && !muted ? unread : 0), 0)
}

function matches(row: ChatRow, filter: Filter, folders: readonly Folder[]): boolean {
  if (filter === 'archived') return row.chat.archived
  if (row.chat.archived) return false
  if (filter === 'unread') return row.unread > 0
  if (filter === 'groups') return isShared(row.chat)
  if (filter === 'all') return true
  return folders.find(({ id }) => id === filter.folder)?.chats.includes(row.chat_id) ?? false
}
