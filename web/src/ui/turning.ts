/** Turning notes on for this device: with push where there is a service for it, from this page else. */
import type { Telling } from '../protocol/telling.ts'
import { enable, isSupported } from './push.ts'
import type { Ui } from './ui.svelte.ts'

/** To be called from a press of a button: browsers ask only then. False where push should work and does not: then they come from the open page alone. */
export async function turnOn(ui: Ui, telling: Telling): Promise<boolean> {
  const { notifier, store } = ui
  await notifier.enable()
  if (!notifier.on || !isSupported()) return true
  const outcome = await enable(telling, store.session.me?.user_id ?? '', localStorage)
  if (outcome === 'on') notifier.hand()
  return outcome !== 'failed'
}
