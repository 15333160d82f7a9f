import type { ChatRow, PreferencesInput } from '../../store/contract.ts'
import type { MenuItem } from '../parts/menu-item.ts'
import type { Ui } from '../ui.svelte.ts'

/** What can be done to a chat from the list. */
export function chatMenu(ui: Ui, row: ChatRow): MenuItem[] {
  const { chat } = row
  const t = ui.t.chats
  const prefer = (input: PreferencesInput) =>
    void ui.store.chats.setPreferences(row.chat_id, input).then((outcome) => ui.unwrap(outcome))
  const read: MenuItem = {
    label: t.markRead,
    icon: 'mail-open',
    onselect: () => ui.store.messages.markRead(row.chat_id, chat.n),
  }
  const unread: MenuItem = {
    label: t.markUnread,
    icon: 'mail',
    onselect: () => ui.store.messages.markUnread(row.chat_id, chat.n - 1),
  }
  const reading = chat.n === 0 ? [] : [row.unread > 0 ? read : unread]
  return [
    ...reading,
    {
      label: chat.pinned ? t.unpin : t.pin,
      icon: chat.pinned ? 'pin-off' : 'pin',
      onselect: () => prefer({ pinned: !chat.pinned }),
    },
    {
      label: row.muted ? t.unmute : t.mute,
      icon: 'bell-off',
      onselect: () => prefer(row.muted ? { level: 'all', muted_until: null } : { level: 'none' }),
    },
  ]
}
