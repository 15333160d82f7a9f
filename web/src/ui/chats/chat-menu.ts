import type { ChatRow } from '../../store/contract.ts'
import type { MenuItem } from '../parts/menu-item.ts'
import type { Ui } from '../ui.svelte.ts'

/** What can be done to a chat from the list; nothing while it has no messages. */
export function chatMenu(ui: Pick<Ui, 't' | 'store'>, row: ChatRow): MenuItem[] {
  const { n } = row.chat
  const { messages } = ui.store
  if (n === 0) return []
  if (row.unread > 0)
    return [
      { label: ui.t.chats.markRead, icon: 'mail-open', onselect: () => messages.markRead(row.chat_id, n) },
    ]
  return [
    { label: ui.t.chats.markUnread, icon: 'mail', onselect: () => messages.markUnread(row.chat_id, n - 1) },
  ]
}
