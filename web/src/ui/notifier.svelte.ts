import type { Level } from '../protocol/wire.ts'
import type { ChatRow } from '../store/contract.ts'

type Permission = NotificationPermission | 'unsupported'

/** How many there are of each, and which of them are news. */
interface Heard {
  unread: number
  mentions: number
  nothing: 0
  counts: 'unread' | 'mentions' | 'nothing'
}

const KEY = 'notify'
const HERE = '1'
/** Push tells of what comes, also while the page is open: the page itself keeps still. */
const HANDED = 'push'

/**
 * Notes of the device about messages that come while nobody looks at the page. They come from this page;
 * a message for a closed page needs push.
 */
export class Notifier {
  #on = $state(false)
  #permission = $state<Permission>('unsupported')
  /** When the last one was shown, in epoch milliseconds. */
  last = $state<number | null>(null)
  /** Something came that nobody saw, and nobody was asked yet whether to be told. */
  offered = $state(false)
  readonly #storage: Storage
  #before: Readonly<Record<string, Heard>> = {}

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

  /** Push tells of what comes. */
  get handed(): boolean {
    return this.#storage.getItem(KEY) === HANDED
  }

  start(): void {
    this.#permission = 'Notification' in globalThis ? Notification.permission : 'unsupported'
    this.#on = this.#storage.getItem(KEY) === HERE
  }

  /** To be called from a press of a button: browsers ask only then. */
  async enable(): Promise<void> {
    if (this.#permission === 'unsupported') return
    this.#permission = await Notification.requestPermission()
    this.#on = this.#permission === 'granted'
    if (this.#on) this.#storage.setItem(KEY, HERE)
  }

  /** From now on push does it. */
  hand(): void {
    this.#storage.setItem(KEY, HANDED)
    this.#on = false
  }

  disable(): void {
    this.#storage.removeItem(KEY)
    this.#on = false
  }

  /**
   * Compares the list with what it was: the chats in which something came that their person wants to hear of.
   * What was unread before the page was loaded is no news.
   */
  news(rows: readonly ChatRow[], everywhere: Exclude<Level, 'default'> = 'all'): ChatRow[] {
    const before = this.#before
    const now = rows.map((row) => [row.chat_id, heardOf(row, everywhere)] as const)
    this.#before = Object.fromEntries(now)
    for (const row of rows)
      if (row.unread === 0 && (before[row.chat_id]?.unread ?? 0) > 0) void withdraw(row.chat_id)
    return rows.filter((row) => {
      const [was, is] = [before[row.chat_id], this.#before[row.chat_id]]
      // Who wants to hear more from now on hears of what comes from now on.
      const risen = was !== undefined && is !== undefined && is[is.counts] > was[is.counts]
      return risen && !row.muted && !row.chat.archived
    })
  }
}

/** What is read is shown nowhere any more; of nobody, nothing is. */
export async function withdraw(chatId?: string): Promise<void> {
  const worker = await workerOf()
  const which = chatId === undefined ? {} : { tag: chatId }
  for (const note of (await worker?.getNotifications(which)) ?? []) note.close()
}

/** Who wants mentions everywhere is meant by what is said to nobody else. */
function heardOf({ chat, mentions, unread }: ChatRow, everywhere: Level): Heard {
  const level = chat.level === 'default' ? everywhere : chat.level
  const meant = chat.kind === 'direct' && chat.level === 'default'
  const counts = level === 'none' ? 'nothing' : level === 'mentions' && !meant ? 'mentions' : 'unread'
  return { unread, mentions, nothing: 0, counts }
}

export async function workerOf(): Promise<ServiceWorkerRegistration | null> {
  if (!('serviceWorker' in navigator)) return null
  return (await navigator.serviceWorker.getRegistration()) ?? null
}
