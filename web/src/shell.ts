const WORKER = '/sw.js'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string
  }
}

/** Starts the service worker that opens the application without a network. */
export function registerShell(): void {
  if (!('serviceWorker' in navigator)) return
  // Without it the application works all the same, only not offline.
  navigator.serviceWorker.register(workerAddress()).catch(() => undefined)
}

/** The content security policy lets only our own policy name a script. */
function workerAddress(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  if (types === undefined) return WORKER
  const policy = types.createPolicy('app', { createScriptURL: () => WORKER })
  return policy.createScriptURL(WORKER)
}
