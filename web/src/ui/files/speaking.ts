/** A voice note that goes as it is spoken, past what stands in the composer. */
import type { MessagesApi } from '../../store/contract.ts'
import type { LocalFile } from '../../store/state.ts'

/** It answers what the draft is a reply to; what is being written stays. */
export function speak(
  messages: Pick<MessagesApi, 'draft' | 'send' | 'setDraft'>,
  chatId: string,
  file: LocalFile,
): void {
  const { reply_to: replyTo, ...kept } = messages.draft(chatId)
  const reply = replyTo === null || kept.editing !== null ? {} : { reply_to: replyTo }
  messages.send(chatId, { text: '', files: [file], ...reply })
  if (kept.text !== '' || kept.editing !== null || kept.files !== undefined)
    messages.setDraft(chatId, { ...kept, reply_to: null })
}
