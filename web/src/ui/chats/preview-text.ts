import { undirected } from '../../markdown/direction.ts'
import type { ChatRow, Preview } from '../../store/contract.ts'
import { mayWrite } from '../conversation/rights.ts'
import { sentText } from '../files/sent-text.ts'
import type { Ui } from '../ui.svelte.ts'

/** The second line of a chat: what stands before the text, and the text. */
export interface PreviewText {
  label: string
  text: string
  tone: 'plain' | 'draft' | 'typing' | 'failed'
}

type Part = Pick<Ui, 't' | 'nameOf' | 'format' | 'store'>

/** Somebody typing comes first, then my draft where I may write, then the last message. */
export function previewText(ui: Part, row: ChatRow): PreviewText {
  const t = ui.t.chats
  const typing = row.typing.filter((id) => !ui.store.users.blocked(id))
  if (typing.length > 0) return { label: '', text: typingText(ui, row, typing), tone: 'typing' }
  if (row.draft !== null && mayWrite(row, ui.store.users))
    return { label: t.draft, text: row.draft, tone: 'draft' }
  const preview = row.preview
  if (preview === null) return { label: '', text: row.chat.topic || t.noMessages, tone: 'plain' }
  if (preview.state === 'failed') return { label: t.failedSend, text: lastText(ui, preview), tone: 'failed' }
  const { kind } = row.chat
  if (kind === 'saved') return { label: '', text: lastText(ui, preview), tone: 'plain' }
  return { label: writer(ui, preview, kind), text: lastText(ui, preview), tone: 'plain' }
}

function writer(ui: Part, { mine, sender_id }: Preview, kind: ChatRow['chat']['kind']): string {
  if (mine) return ui.t.chats.you
  return kind === 'direct' || sender_id === '' ? '' : `${ui.nameOf(sender_id)}:`
}

/** What a blocked person writes stands nowhere unasked. */
function lastText(ui: Part, preview: Preview): string {
  if (preview.deleted) return ui.t.chats.deletedPreview
  const blocked = !preview.mine && ui.store.users.blocked(preview.sender_id)
  if (blocked) return ui.t.talk.blocked.folded
  return undirected(preview.text) || sentText(ui.t, preview.files) || ui.t.chats.unknownPreview
}

function typingText(ui: Part, row: ChatRow, typing: readonly string[]): string {
  if (row.chat.kind === 'direct') return ui.t.chats.typing
  const names = typing.map((id) => ui.nameOf(id))
  const [first] = names
  return names.length === 1 && first !== undefined
    ? ui.t.chats.typingOne(first)
    : ui.t.chats.typingSome(ui.format.list(names))
}
