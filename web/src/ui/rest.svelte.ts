import { untrack } from 'svelte'
import type { Ui } from './ui.svelte.ts'

/** The first screen is there by then, also on a slow line. */
const LATER_MS = 3_000

/** What the first screen does without is fetched when nothing else is to be done, so that it is there when it is wanted. */
export function fetchRest(ui: Pick<Ui, 'whole' | 'store'>): void {
  const catchUp = (me: string) => {
    const caughtUp = import('./telling.ts').then(({ catchUp: begin }) => begin(ui.store, me))
    caughtUp.catch(() => undefined)
  }
  const fetch = () => {
    // Of whoever is here then, and of whoever comes in later.
    $effect.root(() => {
      $effect(() => {
        const me = ui.store.session.me?.user_id
        if (me !== undefined) untrack(() => catchUp(me))
      })
    })
    import('./parts/focus.ts').then(({ keepFocus }) => keepFocus(document)).catch(() => undefined)
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
