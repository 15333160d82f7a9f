/** A note of the device, from a page that is open. */
import { workerOf, type Notifier } from './notifier.svelte.ts'
import { chatPath } from './route.ts'

export interface Note {
  title: string
  text: string
  chatId: string
}

/** True when the browser took it. */
export async function show(
  notifier: Pick<Notifier, 'last'>,
  { title, text, chatId }: Note,
): Promise<boolean> {
  const path = chatId === '' ? '/' : chatPath(chatId)
  const options = { body: text, tag: chatId, icon: '/icons/icon-192.png', data: { path } }
  try {
    // On Android only the worker may show one; it also opens the chat when it is touched.
    const worker = await workerOf()
    if (worker === null) new Notification(title, options)
    else await worker.showNotification(title, options)
    notifier.last = Date.now()
    return true
  } catch {
    return false
  }
}
