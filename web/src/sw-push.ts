/// <reference lib="webworker" />
import { failedNote, noteOf, parsePush, testNote, type Note, type NoteData, type Told } from './notes.ts'

declare const self: ServiceWorkerGlobalScope

const BASE = '/api/v1'
const ICON = '/icons/icon-192.png'

/** Push messages, what is pressed on them, and a subscription that the browser renewed by itself. */
export function listenForPush(): void {
  // One after the other: what came first is shown first, and the same again is known to be that.
  let last: Promise<unknown> = Promise.resolve()
  self.addEventListener('push', (event) => {
    const turn = last.then(() => pushed(event.data?.text() ?? ''))
    last = turn.catch(() => undefined)
    event.waitUntil(turn)
  })
  self.addEventListener('notificationclick', (event) => {
    event.notification.close()
    event.waitUntil(pressed(event))
  })
  self.addEventListener('pushsubscriptionchange', (event) => {
    ;(event as ExtendableEvent).waitUntil(renew())
  })
}

async function pushed(text: string): Promise<void> {
  const said = parsePush(text)
  if (said === null) return
  if (said.kind === 'test') await show(testNote(said))
  else if (said.kind === 'read') await close(said.chat_id)
  else await tell(said)
}

/** Whoever looks at the chat sees it there. */
async function tell(told: Told): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' })
  const here = windows.some(
    (page) => page.focused && new URL(page.url).pathname.startsWith(`/c/${told.chat_id}`),
  )
  if (here) return
  const shown = await self.registration.getNotifications({ tag: told.chat_id })
  const newest = Math.max(0, ...shown.map((each) => (each.data as NoteData).seq ?? 0))
  await show(noteOf(told, told.quiet ? 0 : newest))
}

async function show({ title, ...note }: Note): Promise<void> {
  const options = { ...note, icon: ICON, badge: ICON, timestamp: Date.now() }
  await self.registration.showNotification(title, options)
  await count()
}

async function close(chatId: string): Promise<void> {
  const shown = await self.registration.getNotifications({ tag: chatId })
  for (const each of shown) each.close()
  await count()
}

/** The number on the icon while no page is open to say it better. */
async function count(): Promise<void> {
  const device = self.navigator as { setAppBadge?: (count: number) => Promise<void> }
  const pages = await self.clients.matchAll({ type: 'window' })
  if (pages.length > 0) return
  const shown = await self.registration.getNotifications()
  await device.setAppBadge?.(shown.length).catch(() => undefined)
}

async function pressed(event: NotificationEvent): Promise<void> {
  const data = event.notification.data as NoteData
  const reply = (event as { reply?: string }).reply?.trim() ?? ''
  if (data.reply !== undefined) await retry(data, data.reply)
  else if (event.action === 'read') await mark(data)
  else if (event.action === 'reply' && reply !== '')
    await answer({ ...data, reply: { id: crypto.randomUUID(), text: reply } })
  else await open(data.path)
}

async function answer(data: NoteData): Promise<void> {
  if (await say(data)) await mark(data)
  else await show(failedNote(data))
}

/** Once more under the same name; what cannot be sent stands in the composer then. */
async function retry(data: NoteData, { text }: { text: string }): Promise<void> {
  if (await say(data)) {
    await mark(data)
    return
  }
  const shelf = await caches.open('replies')
  await shelf.put(`/${data.chat_id}`, new Response(text))
  await open(`/c/${data.chat_id}`, true)
}

function say({ chat_id, reply }: NoteData): Promise<boolean> {
  return put(`/chats/${chat_id}/messages/${reply?.id}`, { body: { text: reply?.text } })
}

async function mark({ chat_id, n }: NoteData): Promise<void> {
  if (chat_id !== undefined) await put(`/chats/${chat_id}/read`, { n })
  await count()
}

async function put(path: string, body: unknown): Promise<boolean> {
  try {
    const answered = await fetch(BASE + path, {
      method: 'PUT',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return answered.ok
  } catch {
    return false
  }
}

/** In the page that is open, else in a new one. */
async function open(path: string, words = false): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window' })
  if (page === undefined) await self.clients.openWindow(words ? `${path}#reply` : path)
  else {
    // A browser that does not let us come to the front still goes there.
    await page.focus().catch(() => undefined)
    page.postMessage({ type: 'open', path, words })
  }
}

/** The session stays the same: the server learns where its browser is to be reached now. */
async function renew(): Promise<void> {
  const answered = await fetch(`${BASE}/notifications/push`, { credentials: 'same-origin' })
  if (!answered.ok) return
  const { key } = (await answered.json()) as { key: string }
  const made = await self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  })
  const { endpoint, keys } = made.toJSON()
  await put('/notifications/push', { endpoint, ...keys })
}
