/// <reference lib="webworker" />
import { listenForPush } from './sw-push.ts'

declare const self: ServiceWorkerGlobalScope

// The build writes the list of hashed files in place of this word.
const assets = __SHELL_ASSETS__
declare const __SHELL_ASSETS__: string[]

/** Files without a hash in their name: the server's copy is used whenever it can be reached. */
const STILL = ['/offline.html', '/offline.css', '/mark.svg', '/manifest.webmanifest']

/** The page itself, by its file name: its other addresses answer only to a browser that asks for a page. */
const PAGE = '/index.html'

/** The page is one request; a line that needs longer for it is a bad one. */
const PATIENCE_MS = 300

const PREFIX = 'shell-'
const CACHE = PREFIX + fingerprint(assets.join())

self.addEventListener('install', (event) => {
  event.waitUntil(fillCache())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches())
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (url.origin !== self.location.origin) return
  if (event.request.method === 'POST' && url.pathname === '/share') event.respondWith(shared(event.request))
  if (event.request.method !== 'GET') return
  if (event.request.mode === 'navigate') event.respondWith(page(event.request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(event.request))
  else if (STILL.includes(url.pathname)) event.respondWith(still(event.request))
})

/** The page says when nobody is in the middle of something. */
self.addEventListener('message', (event) => {
  if (event.data === 'activate') void self.skipWaiting()
})

listenForPush()

/** What another application shares never leaves the device before its person says where to. */
async function shared(request: Request): Promise<Response> {
  const form = await request.formData()
  const said = ['title', 'text', 'url'].flatMap((name) => {
    const value = form.get(name)
    return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []
  })
  // What nobody took goes with nobody else's.
  await caches.delete('shared')
  const shelf = await caches.open('shared')
  await shelf.put('/shared-text', new Response([...new Set(said)].join('\n')))
  const files = form.getAll('files').filter((value): value is File => value instanceof File)
  for (const [index, file] of files.entries()) {
    const address = `/shared-file/${index}/${encodeURIComponent(file.name)}`
    await shelf.put(address, new Response(file, { headers: { 'Content-Type': file.type } }))
  }
  return Response.redirect('/share', 303)
}

async function fillCache(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([PAGE, ...STILL, ...assets])
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  )
  await self.clients.claim()
}

/**
 * The page from the server, so that a new version is seen at once. A server that fails or keeps one waiting does not
 * keep the conversations from opening: they are here.
 */
async function page(request: Request): Promise<Response> {
  const asked = fetch(request).catch(() => null)
  const fresh = isOurs(request.url) ? await timely(asked) : await asked
  return fresh ?? (await kept(PAGE)) ?? (await asked) ?? (await kept('/offline.html')) ?? Response.error()
}

/** Null for a failure, and for what is not there in time. */
async function timely(asked: Promise<Response | null>): Promise<Response | null> {
  const fresh = await Promise.race([asked, after(PATIENCE_MS)])
  return fresh?.ok === true ? fresh : null
}

/** The list or a conversation; other addresses may be pages of the server's own. */
function isOurs(url: string): boolean {
  const { pathname } = new URL(url)
  return pathname === '/' || pathname.startsWith('/c/')
}

function after(wait: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), wait))
}

async function asset(request: Request): Promise<Response> {
  return (await kept(request.url)) ?? fetch(request)
}

async function still(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    return (await kept(request.url)) ?? Response.error()
  }
}

/** Module scripts send an Origin header and the server answers `Vary: Origin`: the kept copy is the same for all. */
async function kept(url: string): Promise<Response | undefined> {
  // A device whose storage fails has no copy, and may have a network.
  return caches.match(url, { ignoreVary: true }).catch(() => undefined)
}

function fingerprint(text: string): string {
  let hash = 2166136261
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619)
  return (hash >>> 0).toString(36)
}
