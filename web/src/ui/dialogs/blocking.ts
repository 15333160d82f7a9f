import type { User } from '../../protocol/wire.ts'
import type { Ui } from '../ui.svelte.ts'

/** Blocks, after asking, or ends the block. */
export async function toggleBlock(ui: Ui, user: User): Promise<void> {
  const t = ui.t.people
  const name = user.display_name || user.username
  if (ui.store.users.blocked(user.user_id)) {
    if (ui.unwrap(await ui.store.users.block(user.user_id, false)) !== null) ui.toasts.say(t.unblocked(name))
    return
  }
  const question = { title: t.blockTitle(name), text: t.blockText, confirm: t.block, danger: true }
  if (!(await ui.confirm(question))) return
  if (ui.unwrap(await ui.store.users.block(user.user_id, true)) !== null) ui.toasts.say(t.blocked(name))
}
