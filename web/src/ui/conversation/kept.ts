/** As many as the store keeps in memory. */
const KEPT = 3

/** Chats that stay mounted: in the order of the page, which must not change, and by last visit. */
export interface Kept {
  shown: readonly string[]
  recent: readonly string[]
}

/** With this one visited now; beyond three the one not visited for longest goes. */
export function keepRecent({ shown, recent }: Kept, chatId: string): Kept {
  const next = [chatId, ...recent.filter((other) => other !== chatId)].slice(0, KEPT)
  const order = shown.includes(chatId) ? shown : [...shown, chatId]
  return { shown: order.filter((other) => next.includes(other)), recent: next }
}

/** With the key, or without it when it was there. */
export function toggled(keys: ReadonlySet<string> | null, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
