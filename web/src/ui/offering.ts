/** Asking once whether this device shall tell of what comes; the browser asks only after that. */
import type { Ui } from './ui.svelte.ts'

const KEY = 'notify-offer'

/** Something came that nobody saw: when its person is back, they are asked, unless they have said before. */
export function offer({ notifier, store }: Pick<Ui, 'notifier' | 'store'>): void {
  const open = notifier.permission === 'default' && !notifier.handed && localStorage.getItem(KEY) === null
  if (open && !store.shared) notifier.offered = true
}

/** Whatever it was: this device does not ask again. */
export function answered({ notifier }: Pick<Ui, 'notifier'>): void {
  localStorage.setItem(KEY, 'answered')
  notifier.offered = false
}
