/** Words of notes that could not be sent from there, left by the worker. */
import type { Store } from '../store/contract.ts'
import { withShared } from './sharing.ts'

const SHELF = 'replies'

/** Into the composers of their conversations, to be sent or not. */
export async function takeReplies({ messages, chats }: Pick<Store, 'messages' | 'chats'>): Promise<void> {
  if (!('caches' in globalThis)) return
  const shelf = await caches.open(SHELF)
  for (const request of await shelf.keys()) {
    const chatId = new URL(request.url).pathname.slice(1)
    const text = await (await shelf.match(request))?.text()
    if (text === undefined || chats.get(chatId) === undefined) continue
    const draft = messages.draft(chatId)
    // What is being edited is another text: they wait for the next time.
    if (draft.editing !== null) continue
    messages.setDraft(chatId, { ...draft, text: withShared(draft.text, text) })
    await shelf.delete(request)
  }
}
