/** What a browser or a test gives the store: the network, the clock, the page. */
import type { Socket } from '../protocol/connection'
import { SUBPROTOCOL } from '../protocol/subprotocol'

const SHARED = 'shared'
const PAINT_MS = 300

export interface Environment {
  fetch: typeof globalThis.fetch
  openSocket: () => Socket
  online: () => boolean
  /** The person asked the browser to save data. */
  saving: () => boolean
  visible: () => boolean
  now: () => number
  random: () => number
  /** Tells of the network and of the page; answers the way out. */
  watch: (listener: (what: 'online' | 'offline' | 'visible' | 'hidden') => void) => () => void
  /** This computer is other people's too: nothing is stored, in any tab, until the session's own tab ends. */
  shared: () => boolean
  /** Somebody came in here saying so: the session ends with this tab. Without it wherever `shared` is so. */
  sharedHere?: () => boolean
  share: (on: boolean) => void
  /** Takes words at once; on a shared computer it ends with the tab. A browser may refuse it by throwing. */
  storage?: () => Storage
  /** What is shown first is on screen, or the wait for it is long enough. At once where it is absent. */
  painted?: () => Promise<void>
  /** Absent on a page over plain HTTP. */
  locks?: LockManager
  /** Where the server is; a browser knows it. */
  origin?: string
  /** The name of the local database, when it is not the usual one. */
  database?: string
}

export function browserEnvironment(): Environment {
  return {
    fetch: (input, init) => fetch(input, init),
    openSocket: () => new WebSocket(socketAddress(location), SUBPROTOCOL),
    online: () => navigator.onLine,
    visible: () => document.visibilityState === 'visible',
    now: () => Date.now(),
    random: () => Math.random(),
    watch: watchBrowser,
    shared: isShared,
    sharedHere: () => sessionStorage.getItem(SHARED) !== null,
    share,
    storage: () => (isShared() ? sessionStorage : localStorage),
    painted,
    saving: () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true,
    // The types know only pages over TLS.
    ...('locks' in navigator ? { locks: navigator.locks } : {}),
  }
}

function isShared(): boolean {
  if (sessionStorage.getItem(SHARED) !== null) return true
  // Reading a cookie holds up the page, and nearly no browser was ever told.
  if (localStorage.getItem(SHARED) === null) return false
  if (document.cookie.includes(`${SHARED}=1`)) return true
  localStorage.removeItem(SHARED)
  return false
}

function share(on: boolean): void {
  // Other tabs come in with the cookie of the session, so that is how long and how far they have to know.
  document.cookie = `${SHARED}=1; path=/; samesite=strict${on ? '' : '; max-age=0'}`
  for (const storage of [localStorage, sessionStorage])
    try {
      if (on) storage.setItem(SHARED, '1')
      else storage.removeItem(SHARED)
    } catch {
      // It is full: this is known as far as the other one tells.
    }
}

function painted(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no such thing.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: PAINT_MS })
    else setTimeout(resolve, PAINT_MS)
  })
}

function socketAddress({ protocol, host }: Location): string {
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/api/v1/ws`
}

function watchBrowser(listener: (what: 'online' | 'offline' | 'visible' | 'hidden') => void): () => void {
  const leaving = new AbortController()
  const { signal } = leaving
  window.addEventListener('online', () => listener('online'), { signal })
  window.addEventListener('offline', () => listener('offline'), { signal })
  const look = () => listener(document.visibilityState === 'visible' ? 'visible' : 'hidden')
  document.addEventListener('visibilitychange', look, { signal })
  // A page that comes out of the back-forward cache has slept with its socket.
  window.addEventListener('pageshow', look, { signal })
  return () => leaving.abort()
}
