/** Push messages for this browser: subscribed after a press of a button, and kept so while the same person is here. */
import type { Telling } from '../protocol/telling.ts'

/** Whose push messages come to this browser. */
const KEY = 'push-of'

export type Enabled = 'on' | 'denied' | 'unsupported' | 'off' | 'failed'

export function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in globalThis
}

export async function enable(telling: Telling, userId: string, storage: Storage): Promise<Enabled> {
  const registration = isSupported() ? await navigator.serviceWorker.getRegistration() : undefined
  if (registration === undefined) return 'unsupported'
  const about = await telling.key()
  if (!about.ok) return 'failed'
  if (about.value.push === 'off') return 'off'
  const outcome = await subscribe(registration.pushManager, about.value.key, telling)
  if (outcome === 'on') storage.setItem(KEY, userId)
  return outcome
}

async function subscribe(manager: PushManager, key: string, telling: Telling): Promise<Enabled> {
  try {
    const made = (await subscribed(manager, key)).toJSON()
    const { p256dh = '', auth = '' } = made.keys ?? {}
    const taken = await telling.subscribe({ endpoint: made.endpoint ?? '', p256dh, auth })
    return taken.ok ? 'on' : 'failed'
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'failed'
  }
}

/** One made for another key, of a server that began anew, is of no use. */
async function subscribed(manager: PushManager, key: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key }
  try {
    return await manager.subscribe(options)
  } catch (error) {
    const old = await manager.getSubscription()
    if (old === null) throw error
    await old.unsubscribe()
    return manager.subscribe(options)
  }
}

export async function disable(telling: Telling, storage: Storage): Promise<void> {
  storage.removeItem(KEY)
  await telling.unsubscribe()
  await forget()
}

/** After a start: a browser renews by itself what it was given, and somebody else may be here now. */
export async function keepUp(telling: Telling, userId: string, storage: Storage): Promise<void> {
  const whose = storage.getItem(KEY)
  if (whose === null || !isSupported()) return
  if (whose === userId && Notification.permission === 'granted') await enable(telling, userId, storage)
  else {
    storage.removeItem(KEY)
    await forget()
  }
}

async function forget(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration()
  const subscription = await registration?.pushManager.getSubscription()
  await subscription?.unsubscribe()
}
