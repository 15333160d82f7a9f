/** The first visit's line belongs to what is shown; what the worker keeps comes after that. */
const SHOWN_MS = 1_500

export interface Shell {
  /** A note was touched: the person wants to see this address; `words`: what could not be sent waits for them there. */
  open: (path: string, words: boolean) => void
  /** Something would be lost or cut off if the page began anew. */
  busy: () => boolean
}

/** Starts the service worker that opens the application without a network, and takes new versions when nobody is busy. */
export function registerShell(shell: Shell): void {
  if (!('serviceWorker' in navigator)) return
  const begin = () => {
    removeEventListener('input', begin)
    clearTimeout(timer)
    // Without it the application works all the same, only not offline.
    void import('./renewing.ts').then(({ start }) => start(shell)).catch(() => undefined)
  }
  // Whoever fills in the form has it before them: what they see next may be without a network.
  addEventListener('input', begin)
  const timer = setTimeout(begin, navigator.serviceWorker.controller === null ? SHOWN_MS : 0)
}
