/** What the person does in a chat, as entries of the outbox. */
import type { Api } from '../protocol/api'
import type { Connection } from '../protocol/connection'
import type { ForwardSource, Outcome, PreferenceChange, ReplyTarget } from './contract'
import type { Database, StoredDraft } from './db'
import { Outbox, type Confirmation, type OutboxChange } from './outbox'
import { perform, type Marked } from './performing'
import type { OutboxEntry } from './state'

export interface DeedsPort {
  connection: Pick<Connection, 'request'>
  api: Pick<Api, 'pin'>
  now(): number
  newId(): string
  database(): Database | null
  storeEntry(entry: OutboxEntry, draft: StoredDraft | null): Promise<void>
  eraseEntry(entry: OutboxEntry): Promise<void>
  leads(): boolean
  lead(): void
  tellTabs(change: OutboxChange): void
  /** How far the log is shown there; `Infinity` where nobody looks. */
  cursor(chatId: string): number
  marked: Marked
  prefer(chatId: string, change: PreferenceChange): Promise<Outcome<void>>
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
      store: (entry, draft) => port.storeEntry(entry, draft),
      erase: (entry) => port.eraseEntry(entry),
      stored: async () => (await port.database()?.getAll('outbox')) ?? [],
      leads: () => port.leads(),
      lead: () => port.lead(),
      tell: (change) => port.tellTabs(change),
      cursor: (chatId) => port.cursor(chatId),
      changed: (chatId) => port.changed(chatId),
      random: () => Math.random(),
    })
  }

  /** Answers the `message_id`, made here and for ever. */
  send(chatId: string, text: string, reply_to: ReplyTarget | null, draft: StoredDraft): string {
    return this.#add<'send'>(chatId, { kind: 'send', text, reply_to }, draft)
  }

  forward(chatId: string, text: string, source: ForwardSource): void {
    this.#add<'send'>(chatId, { kind: 'send', text, reply_to: null, source })
  }

  edit(
    chatId: string,
    change: Pick<Kind<'edit'>, 'message_id' | 'text' | 'base_revision'>,
    draft: StoredDraft,
  ): void {
    this.#add<'edit'>(chatId, { kind: 'edit', ...change }, draft)
  }

  remove(chatId: string, message_id: string): void {
    this.#add<'delete'>(chatId, { kind: 'delete', message_id })
  }

  react(chatId: string, message_id: string, emoji: string, on: boolean): void {
    this.#add<'reaction'>(chatId, { kind: 'reaction', message_id, emoji, on })
  }

  pin(chatId: string, message_id: string, on: boolean): void {
    this.#add<'pin'>(chatId, { kind: 'pin', message_id, on })
  }

  mark(chatId: string, n: number, force: boolean): void {
    this.#add<'read'>(chatId, { kind: 'read', n, force }, null, `read:${chatId}`)
  }

  /** One entry for a chat, however many wishes: the latest of each kind counts. */
  prefer(chatId: string, wish: PreferenceChange): void {
    const id = `prefer:${chatId}`
    const former = this.outbox.get(id)
    const change = former?.kind === 'prefer' ? { ...former.change, ...wish } : wish
    this.#add<'prefer'>(chatId, { kind: 'prefer', change }, null, id)
  }

  #add<K extends OutboxEntry['kind']>(
    chatId: string,
    content: Content<Kind<K>>,
    draft: StoredDraft | null = null,
    id = this.#port.newId(),
  ): string {
    const created_at = new Date(this.#port.now()).toISOString()
    const order = this.outbox.nextOrder()
    const pending = { id, chat_id: chatId, order, created_at, state: 'queued', code: null, seq: null }
    this.outbox.add({ ...pending, ...content } as unknown as OutboxEntry, draft)
    return id
  }

  async #perform(entry: OutboxEntry): Promise<Outcome<Confirmation>> {
    const asker = {
      request: this.#port.connection.request.bind(this.#port.connection),
      pin: this.#port.api.pin,
      prefer: this.#port.prefer.bind(this.#port),
    }
    const outcome = await perform(asker, entry, this.#port.marked)
    // Nobody waits for the event: the chat is closed, or it is in already.
    const shown = outcome.ok && (outcome.value.seq ?? 0) <= this.#port.cursor(entry.chat_id)
    return shown ? { ok: true, value: { seq: null } } : outcome
  }
}
