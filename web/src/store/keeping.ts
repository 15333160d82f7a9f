/** Storing a conversation's window: which rows of it are to be written, and which can be read back. */
import { retells } from '../protocol/message'
import type { ChatEvent, Message } from '../protocol/wire'
import { readWindow, type Database, type StoredWindow } from './db'
import type { WindowRows } from './saver'
import type { Timeline } from './state'

/** Enough to paint the first screens without the network. */
export const FIRST_PAINT = 100
const NOTICES_MAX = 200
/** More changes outside the window than this between two writings: the older rows are let go. */
const OUTSIDE_MAX = 500

/**
 * Remembers which message objects are stored; a changed message is another object.
 *
 * What is stored before the window stays, as long as every change of it is stored with the window:
 * those are noted here, since the window itself does not hold them.
 */
export class WindowKeeper {
  #stored = new WeakSet<Message>()
  /** The position at which this window and the stored rows were last the same; null: they never were. */
  #base: number | null = null
  #outside: ChatEvent[] = []

  /** Changes that were applied; those of messages outside the window are for the stored rows alone. */
  note(events: readonly ChatEvent[], timeline: Timeline): void {
    if (this.#base === null) return
    for (const event of events) {
      const id = changedMessage(event)
      if (id === null || timeline.messages.some(({ message_id }) => message_id === id)) continue
      this.#outside.push(event)
    }
    if (this.#outside.length > OUTSIDE_MAX) this.forget()
  }

  /** The window is another one, or could not be written: nothing is known of what is stored. */
  forget(): void {
    this.#stored = new WeakSet()
    this.#base = null
    this.#outside = []
  }

  /** What to write now; null when the window is not the end of the chat and so no copy to go on from. */
  rows(timeline: Timeline, now: number, me: string): WindowRows | null {
    const first = timeline.messages[0]
    if (timeline.more_after || (first === undefined && timeline.more_before)) {
      this.forget()
      return null
    }
    const messages = timeline.messages.filter((message) => !this.#stored.has(message))
    for (const message of messages) this.#stored.add(message)
    const { chat_id, cursor, more_before } = timeline
    const notices = timeline.notices.slice(-NOTICES_MAX)
    const window = {
      chat_id,
      cursor,
      from_seq: first?.seq ?? 0,
      more_before,
      notices,
      bytes: 0,
      used_at: now,
    }
    const [base, outside] = [this.#base, this.#outside]
    this.#base = cursor
    this.#outside = []
    return { window, messages, base, outside, me, failed: () => this.forget() }
  }

  /** The stored copy as a timeline, from what was read ahead of it where there is that; null when there is none. */
  async read(
    database: Database,
    chatId: string,
    ahead: ReturnType<typeof readWindow> | null = null,
  ): Promise<Timeline | null> {
    const found = await (ahead ?? readWindow(database, chatId, FIRST_PAINT))
    if (!found?.messages.every(isMessage)) return null
    const { window, messages } = found
    const first = messages[0]
    for (const message of messages) this.#stored.add(message)
    this.#base = window.cursor
    const more_before = window.more_before || isCut(window, messages, FIRST_PAINT)
    // What happened before the first message belongs to the first page, which is here where nothing is before it.
    const from = more_before && first !== undefined ? first.seq : 0
    return {
      chat_id: chatId,
      messages,
      notices: window.notices.filter(({ seq }) => seq > from),
      cursor: window.cursor,
      more_before,
      more_after: false,
    }
  }
}

/** More is stored than was read. A chat that was stored empty reaches from 0, where no message is. */
export function isCut(window: StoredWindow, messages: readonly Message[], limit: number): boolean {
  return messages.length >= limit && (messages[0]?.seq ?? 0) > window.from_seq
}

/** The message that an event changes; null for what is new or is no message. */
function changedMessage(event: ChatEvent): string | null {
  return retells(event) || event.kind === 'reaction.changed' ? event.data.message_id : null
}

/** A disk can give back anything. */
export function isMessage(value: unknown): value is Message {
  const { message_id, n, reactions, mentions } = (value ?? {}) as Partial<Message>
  return (
    typeof message_id === 'string' &&
    typeof n === 'number' &&
    Array.isArray(reactions) &&
    Array.isArray(mentions)
  )
}
