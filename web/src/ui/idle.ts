/** Does it when the browser has nothing else to do, a moment from now where it does not say so. Answers how to call it off. */
export function whenIdle(work: () => void): () => void {
  // Safari has no such thing.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 200)
    return () => clearTimeout(timer)
  }
  const asked = requestIdleCallback(work)
  return () => cancelIdleCallback(asked)
}

/** Longest wait for a paint: a page that nobody sees has none. */
const UNSEEN_MS = 100

/** Does it once what has just changed is on screen. */
export function afterPaint(work: () => void): void {
  let due = true
  const once = () => {
    clearTimeout(timer)
    if (due) work()
    due = false
  }
  const timer = setTimeout(once, UNSEEN_MS)
  requestAnimationFrame(() => setTimeout(once))
}
