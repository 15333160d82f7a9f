import type { Ui } from './ui.svelte.ts'

/** The first screen is there by then, also on a slow line. */
const LATER_MS = 3_000

/** What the first screen does without is fetched when nothing else is to be done, so that it is there when it is wanted. */
export function fetchRest(ui: Pick<Ui, 'whole'>): void {
  const fetch = () => {
    void ui.whole(
      Promise.all([
        import('./chats/ChatMenu.svelte'),
        import('./conversation/Find.svelte'),
        import('./dialogs/Dialogs.svelte'),
      ]),
    )
  }
  setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(fetch)
    else fetch()
  }, LATER_MS)
}
