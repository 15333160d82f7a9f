/** Where the worker leaves what another application shared, until a page takes it. */
const SHELF = 'shared'
const KEY = '/shared-text'

/** What was shared with us, once; empty when there is nothing. */
export async function takeShared(): Promise<string> {
  if (!('caches' in globalThis)) return ''
  const shelf = await caches.open(SHELF)
  const kept = await shelf.match(KEY)
  await caches.delete(SHELF)
  return kept === undefined ? '' : kept.text()
}

/** What is in the composer with the shared text after it. */
export function withShared(written: string, shared: string): string {
  return written.trim() === '' ? shared : `${written}\n${shared}`
}
