/** Storing a conversation's window: which rows of it are to be written. */
import type { Message } from '../protocol/wire'
import { readWindow, type Database } from './db'
import type { WindowRows } from './saver'
import type { Timeline } from './state'

/** Enough to paint the first screens without the network. */
const FIRST_PAINT = 100
const NOTICES_MAX = 200

/** Remembers which message objects are stored; a changed message is another object. */
export class WindowKeeper {
  readonly #stored = new WeakSet<Message>()

  /** What to write now; null when the window is not the end of the chat and so no copy to go on from. */
  rows(timeline: Timeline): WindowRows | null {
    const first = timeline.messages[0]
    if (timeline.more_after || (first === undefined && timeline.more_before)) return null
    const messages = timeline.messages.filter((message) => !this.#stored.has(message))
    for (const message of messages) this.#stored.add(message)
    const { chat_id, cursor, more_before } = timeline
    const notices = timeline.notices.slice(-NOTICES_MAX)
    return { window: { chat_id, cursor, from_seq: first?.seq ?? 0, more_before, notices }, messages }
  }

  /** The stored copy as a timeline; null when there is none. */
  async read(database: Database, chatId: string): Promise<Timeline | null> {
    const found = await readWindow(database, chatId, FIRST_PAINT)
    if (found === null) return null
    const { window, messages } = found
    const first = messages[0]
    for (const message of messages) this.#stored.add(message)
    return {
      chat_id: chatId,
      messages,
      notices: window.notices.filter(({ seq }) => first === undefined || seq > first.seq),
      cursor: window.cursor,
      more_before: window.more_before || (first?.seq ?? 0) > window.from_seq,
      more_after: false,
    }
  }
}
