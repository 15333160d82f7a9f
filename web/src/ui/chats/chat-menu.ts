import type { ChatRow, PreferenceChange } from '../../store/contract.ts'
import type { MenuItem } from '../parts/menu-item.ts'
import { archive, toggleRead, type Part } from './chat-deeds.ts'

/** What can be done to a chat from the list. */
export function chatMenu(ui: Part, row: ChatRow): MenuItem[] {
  const t = ui.t.chats
  const { pinned, archived } = row.chat
  const prefer = (change: PreferenceChange) => () => ui.store.chats.setPreferences(row.chat_id, change)
  return [
    ...reading(ui, row),
    pinned
      ? { label: t.unpin, icon: 'pin-off', onselect: prefer({ pinned: false }) }
      : { label: t.pin, icon: 'pin', onselect: prefer({ pinned: true }) },
    row.muted
      ? { label: t.unmute, icon: 'bell', onselect: prefer({ level: 'default', muted_until: null }) }
      : { label: t.mute, icon: 'bell-off', onselect: prefer({ level: 'none' }) },
    {
      label: t.folders,
      icon: 'folder',
      onselect: () => ui.navigation.open({ name: 'folders', chatId: row.chat_id }),
    },
    {
      label: archived ? t.unarchive : t.archive,
      icon: archived ? 'archive-restore' : 'archive',
      onselect: () => archive(ui, row, !archived),
    },
  ]
}

function reading(ui: Part, row: ChatRow): MenuItem[] {
  if (row.chat.n === 0) return []
  const onselect = () => toggleRead(ui, row)
  return row.unread > 0
    ? [{ label: ui.t.chats.markRead, icon: 'mail-open', onselect }]
    : [{ label: ui.t.chats.markUnread, icon: 'mail', onselect }]
}
