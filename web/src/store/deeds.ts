/** What the person does in a chat, as entries of the outbox. */
import type { Connection } from '../protocol/connection'
import type { Outcome, ReplyTarget } from './contract'
import type { Database } from './db'
import { Outbox, type Confirmation } from './outbox'
import { perform, type Marked } from './performing'
import type { OutboxEntry } from './state'

export interface DeedsPort {
  connection: Pick<Connection, 'request'>
  now(): number
  newId(): string
  database(): Database | null
  /** How far the log is shown there; `Infinity` where nobody looks. */
  cursor(chatId: string): number
  marked: Marked
  changed(chatId: string): void
}

type Kind<K extends OutboxEntry['kind']> = Extract<OutboxEntry, { kind: K }>
type Content<E> = Omit<E, 'id' | 'chat_id' | 'order' | 'created_at' | 'state' | 'code' | 'seq'>

export class Deeds {
  readonly #port: DeedsPort
  readonly outbox: Outbox

  constructor(port: DeedsPort) {
    this.#port = port
    this.outbox = new Outbox({
      perform: (entry) => this.#perform(entry),
      store: async (entry) => {
        await port.database()?.put('outbox', entry)
      },
      erase: async (id) => port.database()?.delete('outbox', id),
      changed: (chatId) => port.changed(chatId),
      random: () => Math.random(),
    })
  }

  /** Answers the `message_id`, made here and for ever. */
  send(chatId: string, text: string, reply_to: ReplyTarget | null): string {
    return this.#add<'send'>(chatId, { kind: 'send', text, reply_to })
  }

  edit(chatId: string, message_id: string, text: string, base_revision: number): void {
    this.#add<'edit'>(chatId, { kind: 'edit', message_id, text, base_revision })
  }

  remove(chatId: string, message_id: string): void {
    this.#add<'delete'>(chatId, { kind: 'delete', message_id })
  }

  react(chatId: string, message_id: string, emoji: string, on: boolean): void {
    this.#add<'reaction'>(chatId, { kind: 'reaction', message_id, emoji, on })
  }

  mark(chatId: string, n: number, force: boolean): void {
    this.#add<'read'>(chatId, { kind: 'read', n, force }, `read:${chatId}`)
  }

  #add<K extends OutboxEntry['kind']>(
    chatId: string,
    content: Content<Kind<K>>,
    id = this.#port.newId(),
  ): string {
    const created_at = new Date(this.#port.now()).toISOString()
    const order = this.outbox.nextOrder()
    const pending = { id, chat_id: chatId, order, created_at, state: 'queued', code: null, seq: null }
    this.outbox.add({ ...pending, ...content } as unknown as OutboxEntry)
    return id
  }

  async #perform(entry: OutboxEntry): Promise<Outcome<Confirmation>> {
    const outcome = await perform(this.#port.connection, entry, this.#port.marked)
    // Nobody waits for the event: the chat is closed, or it is in already.
    const shown = outcome.ok && (outcome.value.seq ?? 0) <= this.#port.cursor(entry.chat_id)
    return shown ? { ok: true, value: { seq: null } } : outcome
  }
}
