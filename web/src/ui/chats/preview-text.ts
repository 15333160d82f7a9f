import type { ChatRow } from '../../store/contract.ts'
import type { Ui } from '../ui.svelte.ts'

/** The second line of a chat: what stands before the text, and the text. */
export interface PreviewText {
  label: string
  text: string
  tone: 'plain' | 'draft' | 'typing' | 'failed'
}

/** Somebody typing comes first, then my draft, then the last message. */
export function previewText(ui: Pick<Ui, 't' | 'nameOf' | 'format'>, row: ChatRow): PreviewText {
  const t = ui.t.chats
  if (row.typing.length > 0) return { label: '', text: typingText(ui, row), tone: 'typing' }
  if (row.draft !== null) return { label: t.draft, text: row.draft, tone: 'draft' }
  const preview = row.preview
  if (preview === null) return { label: '', text: row.chat.topic || t.noMessages, tone: 'plain' }
  if (preview.state === 'failed') return { label: t.failedSend, text: preview.text, tone: 'failed' }
  const label = preview.mine ? t.you : row.chat.kind === 'direct' ? '' : `${ui.nameOf(preview.sender_id)}:`
  return { label, text: preview.deleted ? t.deletedPreview : preview.text, tone: 'plain' }
}

function typingText(ui: Pick<Ui, 't' | 'nameOf' | 'format'>, row: ChatRow): string {
  if (row.chat.kind === 'direct') return ui.t.chats.typing
  const names = row.typing.map((id) => ui.nameOf(id))
  const [first] = names
  return names.length === 1 && first !== undefined
    ? ui.t.chats.typingOne(first)
    : ui.t.chats.typingSome(ui.format.list(names))
}
