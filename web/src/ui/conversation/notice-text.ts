import type { Dictionary, Who } from '../../i18n/es.ts'
import type { NoticeItem } from '../../store/contract.ts'
import { named } from '../named.ts'
import type { Ui } from '../ui.svelte.ts'

/** One quiet line about a change: who did what; to the reader it speaks as "you". */
export function noticeText(ui: Pick<Ui, 't' | 'who'>, item: NoticeItem): string {
  const { t } = ui
  const notice = item.notice
  const actor = ui.who(item.actor_id)
  switch (notice.kind) {
    case 'member.joined':
      return notice.user_id === item.actor_id
        ? t.notice.joined(actor)
        : t.notice.added(actor, ui.who(notice.user_id))
    case 'member.left':
      return notice.user_id === item.actor_id
        ? t.notice.left(actor)
        : t.notice.removed(actor, ui.who(notice.user_id))
    case 'member.role':
      return t.notice.role(actor, ui.who(notice.user_id), named(t.members.role, notice.role))
    case 'chat.updated':
      return updated(t, actor, notice).join(' · ')
    case 'pin.changed':
      return notice.on ? t.notice.pinned(actor) : t.notice.unpinned(actor)
  }
}

/** A sentence for each thing that one change changed. */
function updated(t: Dictionary, actor: Who, change: { title?: string; topic?: string }): string[] {
  const { title, topic } = change
  const said = [
    ...(title === undefined ? [] : [t.notice.title(actor, title)]),
    ...(topic === undefined
      ? []
      : [topic === '' ? t.notice.topicCleared(actor) : t.notice.topic(actor, topic)]),
  ]
  return said.length === 0 ? [t.notice.settings(actor)] : said
}
