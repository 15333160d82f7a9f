import type { PresenceView } from '../store/contract.ts'
import { named } from './named.ts'
import type { Ui } from './ui.svelte.ts'

/** Whether somebody is there, or when they were; empty when it is not known. */
export function presenceText(
  ui: Pick<Ui, 't' | 'format' | 'clock'>,
  presence: PresenceView | undefined,
): string {
  if (presence === undefined) return ''
  if (presence.state !== 'offline') return presence.text ?? named(ui.t.presence, presence.state)
  if (presence.last_seen === null) return ui.t.presence.offline
  return ui.t.presence.lastSeen(ui.format.ago(presence.last_seen, ui.clock.now))
}
