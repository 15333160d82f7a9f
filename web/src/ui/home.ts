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

/** Somebody was: the file is on its way while the database is asked who. */
export function expectHome(storage: Pick<Storage, 'getItem'>): void {
  if (wasHome(storage)) fetchHome().catch(() => undefined)
}

/** For the next visit. */
export function rememberHome(storage: Pick<Storage, 'setItem' | 'removeItem'>, here: boolean): void {
  if (here) storage.setItem(KEY, '1')
  else storage.removeItem(KEY)
}
