import type { Ui } from './ui.svelte.ts'

/** The first screen is there by then, also on a slow line. */
const LATER_MS = 3_000

/** How loud chats are that have no level of their own, and whether push messages still come to this browser. */
async function catchUp({ store }: Pick<Ui, 'store'>): Promise<void> {
  const me = store.session.me
  if (me === null) return
  const { keepUp, Telling } = await import('./telling.ts')
  const telling = new Telling()
  const settings = await telling.settings()
  if (settings.ok) store.session.wish(settings.value)
  if (!store.shared) await keepUp(telling, me.user_id, localStorage)
}

/** What the first screen does without is fetched when nothing else is to be done, so that it is there when it is wanted. */
export function fetchRest(ui: Pick<Ui, 'whole' | 'store'>): void {
  const fetch = () => {
    void catchUp(ui)
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
