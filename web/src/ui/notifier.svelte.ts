import type { ChatRow } from '../store/contract.ts'
import { chatPath } from './route.ts'

type Permission = NotificationPermission | 'unsupported'

interface Note {
  title: string
  text: string
  chatId: string
}

const KEY = 'notify'

/**
 * Notes of the device about messages that come while nobody looks at the page. They come from this page;
 * a message for a closed page needs push.
 */
export class Notifier {
  #on = $state(false)
  #permission = $state<Permission>('unsupported')
  #last = $state<number | null>(null)
  readonly #storage: Storage
  #counted: Readonly<Record<string, number>> = {}

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The person wants them, and the browser lets us. */
  get on(): boolean {
    return this.#on && this.#permission === 'granted'
  }

  get permission(): Permission {
    return this.#permission
  }

  /** When the last one was shown, in epoch milliseconds. */
  get last(): number | null {
    return this.#last
  }

  start(): void {
    this.#permission = 'Notification' in globalThis ? Notification.permission : 'unsupported'
    this.#on = this.#storage.getItem(KEY) !== null
  }

  /** To be called from a press of a button: browsers ask only then. */
  async enable(): Promise<void> {
    if (this.#permission === 'unsupported') return
    this.#permission = await Notification.requestPermission()
    this.#on = this.#permission === 'granted'
    if (this.#on) this.#storage.setItem(KEY, '1')
  }

  disable(): void {
    this.#storage.removeItem(KEY)
    this.#on = false
  }

  /** True when the browser took it. */
  async show({ title, text, chatId }: Note): Promise<boolean> {
    const options = { body: text, tag: chatId, icon: '/icons/icon-192.png', data: { path: notePath(chatId) } }
    try {
      // On Android only the worker may show one; it also opens the chat when it is touched.
      const worker = await workerOf()
      if (worker === null) new Notification(title, options)
      else await worker.showNotification(title, options)
      this.#last = Date.now()
      return true
    } catch {
      return false
    }
  }

  /**
   * Compares the list with what it was: the chats in which something came that their person wants to hear of.
   * What was unread before the page was loaded is no news.
   */
  news(rows: readonly ChatRow[]): ChatRow[] {
    const before = this.#counted
    this.#counted = Object.fromEntries(rows.map((row) => [row.chat_id, counted(row)]))
    return rows.filter((row) => {
      const risen = counted(row) > (before[row.chat_id] ?? Infinity)
      return risen && !row.muted && !row.chat.archived
    })
  }
}

function counted({ chat, mentions, unread }: ChatRow): number {
  return chat.level === 'mentions' ? mentions : unread
}

function notePath(chatId: string): string {
  return chatId === '' ? '/' : chatPath(chatId)
}

async function workerOf(): Promise<ServiceWorkerRegistration | null> {
  if (!('serviceWorker' in navigator)) return null
  return (await navigator.serviceWorker.getRegistration()) ?? null
}
