import type { NoticeItem } from '../../store/contract.ts'
import type { Dictionary } from '../../i18n/es.ts'
import type { Ui } from '../ui.svelte.ts'

/** One quiet sentence about a change: who did what. */
export function noticeText(ui: Pick<Ui, 't' | 'nameOf'>, item: NoticeItem): string {
  const { t } = ui
  const notice = item.notice
  const actor = ui.nameOf(item.actor_id)
  switch (notice.kind) {
    case 'member.joined':
      return notice.user_id === item.actor_id
        ? t.notice.joined(actor)
        : t.notice.addedBy(actor, ui.nameOf(notice.user_id))
    case 'member.left':
      return notice.user_id === item.actor_id
        ? t.notice.left(actor)
        : t.notice.removedBy(actor, ui.nameOf(notice.user_id))
    case 'member.role':
      return t.notice.role(actor, ui.nameOf(notice.user_id), t.members.role[notice.role])
    case 'chat.updated':
      return updated(t, actor, notice)
    case 'pin.changed':
      return notice.on ? t.notice.pinned(actor) : t.notice.unpinned(actor)
  }
}

function updated(t: Dictionary, actor: string, change: { title?: string; topic?: string }): string {
  if (change.title !== undefined) return t.notice.title(actor, change.title)
  if (change.topic === '') return t.notice.topicCleared(actor)
  return change.topic === undefined ? t.notice.settings(actor) : t.notice.topic(actor, change.topic)
}
