/** Where the worker leaves what another application shared, until a page takes it. */
const SHELF = 'shared'
const TEXT = '/shared-text'
const FILES = '/shared-file/'

export interface Shared {
  text: string
  files: File[]
}

/** What was shared with us, once; empty when there is nothing. */
export async function takeShared(): Promise<Shared> {
  if (!('caches' in globalThis)) return { text: '', files: [] }
  const shelf = await caches.open(SHELF)
  const text = await (await shelf.match(TEXT))?.text()
  const requests = (await shelf.keys()).filter(({ url }) => new URL(url).pathname.startsWith(FILES))
  const files = await Promise.all(requests.map((request) => fileIn(shelf, request)))
  await caches.delete(SHELF)
  return { text: text ?? '', files: files.flatMap((file) => file ?? []) }
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
