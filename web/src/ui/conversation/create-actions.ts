import { opening } from '../../markdown/plain.ts'
import { textOf as messageText } from '../../protocol/message.ts'
import type { MessageItem, PendingItem } from '../../store/contract.ts'
import { chatPath } from '../route.ts'
import { sentText } from '../files/sent-text.ts'
import type { Ui } from '../ui.svelte.ts'
import type { MessageActions } from './actions.ts'

const EXCERPT_LENGTH = 160

/** What only the open conversation can do. */
type Here = Pick<MessageActions, 'jump' | 'menu' | 'emoji' | 'select'> & {
  /** The composer gets the focus. */
  write(): void
}

/** The actions on the messages of one chat. */
export function createActions(ui: Ui, chatId: string, here: Here): MessageActions {
  const { messages } = ui.store
  const textOf = (item: MessageItem | PendingItem) =>
    item.type === 'pending' ? item.text : messageText(item.message)
  const excerptOf = (item: MessageItem) =>
    opening(textOf(item), EXCERPT_LENGTH) || sentText(ui.t, item.message.files ?? [])
  const saved = () => ui.part(import('../saved.ts'))
  return {
    jump: here.jump,
    menu: here.menu,
    emoji: here.emoji,
    select: here.select,
    reply(item) {
      const { message_id, sender_id } = item.message
      const reply_to = { message_id, sender_id, excerpt: excerptOf(item) }
      messages.setDraft(chatId, { ...messages.draft(chatId), reply_to })
      here.write()
    },
    edit(item) {
      const { message_id, revision } = item.message
      const editing = { message_id, base_revision: revision }
      messages.setDraft(chatId, { text: item.change?.text ?? textOf(item), reply_to: null, editing })
      here.write()
    },
    remove(item) {
      messages.remove(chatId, item.message.message_id)
      ui.announce(ui.t.conversation.deleted)
    },
    react: (item, emoji, on) => messages.react(chatId, item.message.message_id, emoji, on),
    copyText: (item) => void ui.copy(textOf(item)),
    withdraw(item) {
      if (messages.withdraw(item.key)) here.write()
      else ui.toasts.fail(ui.t.conversation.tooLate)
    },
    pin: (item, on) => messages.pin(chatId, item.message.message_id, on),
    history: (item) => ui.navigation.open({ name: 'history', chatId, messageId: item.message.message_id }),
    report(item) {
      const { sender_id: userId, seq } = item.message
      const message = { chatId, path: chatPath(chatId, seq), text: opening(textOf(item), EXCERPT_LENGTH) }
      ui.navigation.open({ name: 'report', complaint: { userId, message } })
    },
    reactors: (item) => ui.navigation.open({ name: 'reactors', chatId, messageId: item.message.message_id }),
    forward: (item) => ui.navigation.open({ name: 'forward', chatId, messageIds: [item.message.message_id] }),
    keep: (item) => void saved().then(({ keep }) => keep(ui, chatId, [item])),
    origin: (item) => void saved().then(({ goToOrigin }) => goToOrigin(ui, item)),
    copyLink: (item) => void ui.copy(location.origin + chatPath(chatId, item.message.seq)),
  }
}
