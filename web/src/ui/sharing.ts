/** Where the worker leaves what another application shared, until a conversation has it. */
const SHELF = 'shared'
const TEXT = '/shared-text'
const FILES = '/shared-file/'

export interface Shared {
  text: string
  files: readonly File[]
}

/** What was shared with us; null when there is nothing. It stays there until `dropShared`. */
export async function readShared(): Promise<Shared | null> {
  if (!('caches' in globalThis)) return null
  const shelf = await caches.open(SHELF)
  const text = (await (await shelf.match(TEXT))?.text()) ?? ''
  const requests = (await shelf.keys()).filter(({ url }) => new URL(url).pathname.startsWith(FILES))
  const read = await Promise.all(requests.map((request) => fileIn(shelf, request)))
  const files = read.flatMap((file) => file ?? [])
  return text === '' && files.length === 0 ? null : { text, files }
}

/** A conversation has it. */
export async function dropShared(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(SHELF)
}

async function fileIn(shelf: Cache, request: Request): Promise<File | null> {
  const blob = await (await shelf.match(request))?.blob()
  const name = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '')
  return blob === undefined ? null : new File([blob], name, { type: blob.type })
}

/** What is in the composer with the shared text after it. */
export function withShared(written: string, shared: string): string {
  return written.trim() === '' ? shared : `${written}\n${shared}`
}
