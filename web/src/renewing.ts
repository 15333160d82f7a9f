/** A new version of the application takes the place of the old one when nobody is in the middle of something. */
import type { Shell } from './shell.ts'

const WORKER = '/sw.js'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string
  }
}

interface Touched {
  type: string
  path: string
  words?: boolean
}

const HOUR_MS = 3_600_000
/** Nobody has touched the page for this long, or looks at it. */
const IDLE_MS = 5 * 60_000
export const LOOK_MS = IDLE_MS / 5

export async function start({ open, busy }: Shell): Promise<void> {
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<Touched>) => {
    if (data.type === 'open') open(data.path, data.words === true)
  })
  renew(await serviceWorker.register(workerAddress()), busy)
}

/** `busy`: something would be lost or cut off, whoever looks at the page. */
export function renew(
  registration: ServiceWorkerRegistration,
  busy: () => boolean,
  reload: () => void = () => location.reload(),
): void {
  const { serviceWorker } = navigator
  let touched = Date.now()
  let asked = false
  let stale = false
  let controlled = serviceWorker.controller !== null
  for (const name of ['pointerdown', 'keydown'] as const)
    addEventListener(name, () => (touched = Date.now()), { passive: true, capture: true })
  const idle = () => document.visibilityState === 'hidden' || Date.now() - touched > IDLE_MS
  const look = () => {
    if (!idle() || busy()) return
    if (stale) {
      reload()
    } else if (registration.waiting !== null && !asked) {
      asked = true
      registration.waiting.postMessage('activate')
    }
  }
  setInterval(look, LOOK_MS)
  setInterval(() => void registration.update().catch(() => undefined), HOUR_MS)
  document.addEventListener('visibilitychange', look)
  // Another tab may have asked for it: what this page has not fetched yet is not to be had any more.
  serviceWorker.addEventListener('controllerchange', () => {
    // The first one of all came to a page that is as new as itself.
    stale = controlled
    controlled = true
    look()
  })
}

/** The content security policy lets only our own policy name a script. */
function workerAddress(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  if (types === undefined) return WORKER
  const policy = types.createPolicy('app', { createScriptURL: () => WORKER })
  return policy.createScriptURL(WORKER)
}
