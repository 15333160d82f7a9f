/** What is fetched after the first screen, for notifications. */
import { Telling } from '../protocol/telling.ts'
import type { Store } from '../store/contract.ts'
import { keepUp } from './push.ts'

/** How loud chats are that have no level of their own, and whether push messages still come to this browser. */
export async function catchUp(store: Store, me: string): Promise<void> {
  const telling = new Telling()
  const settings = await telling.settings()
  if (store.session.me?.user_id !== me) return
  if (settings.ok) store.session.wish(settings.value)
  if (!store.shared) await keepUp(telling, me, localStorage)
}
