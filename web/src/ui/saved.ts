import type { MessageItem } from '../store/contract.ts'
import { chatPath } from './route.ts'
import type { Ui } from './ui.svelte.ts'

/** The conversation with oneself, made when it is first wanted; null where it cannot be made now. */
export async function savedChat(ui: Ui): Promise<string | null> {
  const there = ui.store.chats.rows.find((row) => row.chat.kind === 'saved')
  if (there !== undefined) return there.chat_id
  const made = ui.unwrap(await ui.store.chats.create({ kind: 'saved', member_ids: [] }))
  return made === null ? null : made.value.chat_id
}

export async function openSaved(ui: Ui): Promise<void> {
  const chatId = await savedChat(ui)
  if (chatId !== null) ui.navigation.replace(chatPath(chatId))
}

/** Saves messages of a conversation, in their order. */
export async function keep(ui: Ui, fromId: string, items: readonly MessageItem[]): Promise<void> {
  const chatId = await savedChat(ui)
  if (chatId === null) return
  ui.store.messages.forward(chatId, fromId, items)
  ui.toasts.say(ui.store.connection.state === 'live' ? ui.t.forward.kept : ui.t.forward.keptSoon)
}

/** Goes to where it was first written; who may not read it there is told no more than that. */
export async function goToOrigin(ui: Ui, { message }: MessageItem): Promise<void> {
  const outcome = await ui.store.messages.origin(message.chat_id, message.message_id)
  if (outcome.ok) ui.navigation.go(chatPath(outcome.value.chat_id, outcome.value.seq))
  else if (outcome.problem.code === 'not_found') ui.toasts.say(ui.t.conversation.messageGone)
  else ui.toasts.fail(ui.explain(outcome.problem))
}
