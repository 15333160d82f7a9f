const WORKER = '/sw.js'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string
  }
}

const HOUR_MS = 3_600_000
/** The first visit's line belongs to what is shown; what the worker keeps comes after that. */
const SHOWN_MS = 1_500
/** Nobody has touched the page for this long, or looks at it. */
const IDLE_MS = 5 * 60_000

interface Shell {
  /** A note was touched: the person wants to see this address. */
  open: (path: string) => void
}

/** Starts the service worker that opens the application without a network, and takes new versions when nobody is busy. */
export function registerShell({ open }: Shell): void {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ type: string; path: string }>) => {
    if (data.type === 'open') open(data.path)
  })
  const begin = () => {
    removeEventListener('input', begin)
    clearTimeout(timer)
    // Without it the application works all the same, only not offline.
    serviceWorker.register(workerAddress()).then(keepUpToDate, () => undefined)
  }
  // Whoever fills in the form has it before them: what they see next may be without a network.
  addEventListener('input', begin)
  const timer = setTimeout(begin, serviceWorker.controller === null ? SHOWN_MS : 0)
}

function keepUpToDate(registration: ServiceWorkerRegistration): void {
  let touched = Date.now()
  let renewing = false
  for (const name of ['pointerdown', 'keydown'] as const)
    addEventListener(name, () => (touched = Date.now()), { passive: true, capture: true })
  const idle = () => document.visibilityState === 'hidden' || Date.now() - touched > IDLE_MS
  const look = () => {
    if (registration.waiting === null || renewing || !idle()) return
    renewing = true
    registration.waiting.postMessage('activate')
  }
  setInterval(look, IDLE_MS / 5)
  setInterval(() => void registration.update().catch(() => undefined), HOUR_MS)
  document.addEventListener('visibilitychange', look)
  // What is being written is stored with every key, so the page can begin anew.
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (renewing) location.reload()
  })
}

/** The content security policy lets only our own policy name a script. */
function workerAddress(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  if (types === undefined) return WORKER
  const policy = types.createPolicy('app', { createScriptURL: () => WORKER })
  return policy.createScriptURL(WORKER)
}
