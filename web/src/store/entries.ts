/** The entries of the outbox as this tab knows them; whoever shows a chat hears of each change. */
import { byOrder, laneOf } from './lanes'
import type { OutboxEntry } from './state'

export class Entries {
  readonly #changed: (chatId: string) => void
  readonly #byId = new Map<string, OutboxEntry>()
  #order = 0

  constructor(changed: (chatId: string) => void) {
    this.#changed = changed
  }

  get size(): number {
    return this.#byId.size
  }

  get all(): readonly OutboxEntry[] {
    return [...this.#byId.values()]
  }

  get(id: string): OutboxEntry | undefined {
    return this.#byId.get(id)
  }

  /** In their order of sending. */
  of(chatId: string): OutboxEntry[] {
    return this.#sorted((entry) => entry.chat_id === chatId)
  }

  /** What is to be sent in that lane, the next first. */
  queued(lane: string): OutboxEntry[] {
    return this.#sorted((entry) => laneOf(entry) === lane && entry.state === 'queued')
  }

  /** Higher than that of every entry there has been. */
  nextOrder(): number {
    return (this.#order += 1)
  }

  put(...entries: readonly OutboxEntry[]): void {
    for (const entry of entries) {
      this.#byId.set(entry.id, entry)
      this.#order = Math.max(this.#order, entry.order)
    }
    for (const chatId of new Set(entries.map(({ chat_id }) => chat_id))) this.#changed(chatId)
  }

  delete({ id, chat_id }: OutboxEntry): void {
    this.#byId.delete(id)
    this.#changed(chat_id)
  }

  /** Nobody hears of it: whoever forgets them forgets what shows them too. */
  clear(): void {
    this.#byId.clear()
  }

  #sorted(wanted: (entry: OutboxEntry) => boolean): OutboxEntry[] {
    return this.all.filter(wanted).sort(byOrder)
  }
}
