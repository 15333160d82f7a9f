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
