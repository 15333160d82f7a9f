import type { ChatRow } from '../../store/contract.ts'
import type { Ui } from '../ui.svelte.ts'

export type Part = Pick<Ui, 't' | 'store' | 'toasts' | 'navigation'>

/** Puts the chat aside, or takes it back; the note offers to undo it. */
export function archive(ui: Part, row: ChatRow, on: boolean): void {
  const put = (archived: boolean) => ui.store.chats.setPreferences(row.chat_id, { archived })
  put(on)
  ui.toasts.say(on ? ui.t.chats.archived : ui.t.chats.unarchived, () => put(!on))
}

/** Read, where something is unread; else the last message counts as unread again, and the chat is left. */
export function toggleRead(ui: Pick<Ui, 'store' | 'navigation'>, row: ChatRow): void {
  const { n } = row.chat
  if (row.unread > 0) ui.store.messages.markRead(row.chat_id, n)
  else if (n > 0) {
    leave(ui, row.chat_id)
    ui.store.messages.markUnread(row.chat_id, n - 1)
  }
}

/** What is on the screen is read: as long as a chat is, nothing in it stays unread. */
function leave({ navigation }: Pick<Ui, 'navigation'>, chatId: string): void {
  const { route } = navigation
  if (route.name === 'chat' && route.chatId === chatId) navigation.go('/')
}
