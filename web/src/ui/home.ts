/** The list and the conversations are a file of their own: who sees only the form does without it. */

const KEY = 'here'

export const fetchHome = () => import('./Home.svelte')

/** Soon to be wanted, with what talks to the server; if it cannot be had now, it is asked for again then. */
export function prefetchHome(): void {
  fetchHome().catch(() => undefined)
  import('../store/live.ts').catch(() => undefined)
}

/** Whether somebody was in when this browser was last used. */
export function wasHome(storage: Pick<Storage, 'getItem'>): boolean {
  return storage.getItem(KEY) !== null
}

export const fetchEntry = () => import('./entry/Entry.svelte')

/** What is most likely shown first is on its way while the database, or the server, is asked who is here. */
export function expectFirst(home: boolean): void {
  const first: Promise<unknown> = home ? fetchHome() : fetchEntry()
  first.catch(() => undefined)
}

/** For the next visit. */
export function rememberHome(storage: Pick<Storage, 'setItem' | 'removeItem'>, here: boolean): void {
  if (here) storage.setItem(KEY, '1')
  else storage.removeItem(KEY)
}
