/** What the person does in a chat, as entries of the outbox. */
import type { Api } from '../protocol/api'
import { problem } from '../protocol/problem'
import type { Draft, ForwardSource, MessageInput, Outcome, PreferenceChange } from './contract'
import type { Database, StoredDraft } from './db'
import { Outbox, type Confirmation, type OutboxChange } from './outbox'
import type { Line } from './line'
import type { Marked } from './performing'
import type { LocalFile, OutboxEntry } from './state'

/** What carries files, as far as messages know of it. */
export interface Carrier {
  /** Calls `moved` whenever some of it has arrived. */
  bring(files: readonly LocalFile[], moved: () => void): Promise<Outcome<readonly string[]>>
  /** The message is there: what was kept for it may go. */
  sent(ids: readonly string[]): Promise<void>
  drop(ids: readonly string[]): void
}

export interface DeedsPort {
  connection: Pick<Line, 'request' | 'live' | 'perform'>
  carrier(): Promise<Carrier>
  api: Pick<Api, 'pin' | 'rest'>
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
  /** It is not sent: it stands in the composer. */
  giveBack(chatId: string, message: Omit<Draft, 'editing'>): void
}

/** A tab that carries files says so at least that often. */
const CARRIED_MS = 15_000

type Kind<K extends OutboxEntry['kind']> = Extract<OutboxEntry, { kind: K }>
type Content<E> = Omit<E, 'id' | 'chat_id' | 'order' | 'created_at' | 'state' | 'code' | 'seq'>

export class Deeds {
  readonly #port: DeedsPort
  readonly #carried = new Map<string, number>()
  readonly outbox: Outbox

  constructor(port: DeedsPort) {
    this.#port = port
    this.outbox = new Outbox({
      perform: (entry, moved) => this.#perform(entry, moved),
      store: (entry, draft) => port.storeEntry(entry, draft),
      erase: (entry) => port.eraseEntry(entry),
      // What somebody else wrote is forwarded, and no draft.
      giveBack: (entry) => {
        if (entry.source === undefined) port.giveBack(entry.chat_id, entry)
      },
      ended: (entry, sent) => void this.#ended(entry, sent).catch(() => undefined),
      carried: ({ chat_id }) => this.outbox.of(chat_id).some((entry) => this.#isCarried(entry)),
      stored: async () => (await port.database()?.getAll('outbox')) ?? [],
      leads: () => port.leads(),
      lead: () => port.lead(),
      tell: (change) => port.tellTabs(change),
      cursor: (chatId) => port.cursor(chatId),
      online: () => navigator.onLine,
      changed: (chatId) => port.changed(chatId),
      random: () => Math.random(),
    })
  }

  /** Answers the `message_id`, made here and for ever. */
  send(chatId: string, { text, reply_to, files = [], send_at }: MessageInput, draft: StoredDraft): string {
    // No other tab has the bytes: this one has to send them.
    if (files.some(({ here }) => here)) this.#port.lead()
    const { going, left } = settled(files)
    if (left.length > 0) this.#giveUp(left)
    const more = {
      ...(files.length === 0 ? {} : { files: going }),
      ...(send_at === undefined ? {} : { send_at }),
    }
    return this.#add<'send'>(chatId, { kind: 'send', text, reply_to: reply_to ?? null, ...more }, draft)
  }

  /** One file less of a message on its way. Without the last it is not what was to be said: its text is a draft again. */
  take(id: string, fileId: string): void {
    const entry = this.outbox.get(id)
    if (entry?.kind !== 'send') return
    const files = (entry.files ?? []).filter((file) => file.id !== fileId)
    if (files.length > 0) this.outbox.amend({ ...entry, files })
    else {
      // First there, then gone here: a tab that dies in between has it twice, and not never.
      if (entry.text !== '')
        this.#port.giveBack(entry.chat_id, { text: entry.text, reply_to: entry.reply_to })
      this.outbox.discard(id)
    }
    this.#giveUp([fileId])
  }

  /** Another tab has got so far with it. */
  carried(fileId: string): void {
    this.#carried.set(fileId, this.#port.now())
  }

  forward(chatId: string, text: string, source: ForwardSource): void {
    this.#add<'send'>(chatId, { kind: 'send', text, reply_to: null, source })
  }

  /** In the place of a refused one of the same message: its words were looked at again. */
  edit(
    chatId: string,
    change: Pick<Kind<'edit'>, 'message_id' | 'text' | 'base_revision'>,
    draft: StoredDraft,
  ): void {
    const former = this.outbox
      .of(chatId)
      .filter(
        ({ state, ...one }) =>
          state === 'failed' && one.kind === 'edit' && one.message_id === change.message_id,
      )
    this.#add<'edit'>(chatId, { kind: 'edit', ...change }, draft)
    for (const { id } of former) this.outbox.discard(id)
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

  async #perform(entry: OutboxEntry, moved: () => void): Promise<Outcome<Confirmation>> {
    const asker = {
      request: this.#port.connection.request.bind(this.#port.connection),
      pin: this.#port.api.pin,
      rest: this.#port.api.rest,
      prefer: this.#port.prefer.bind(this.#port),
      bring: (files: readonly LocalFile[]) => this.#bring(files, moved),
    }
    const outcome = await this.#port.connection.perform(asker, entry, this.#port.marked)
    // Nobody waits for the event: the chat is closed, or it is in already.
    const shown = outcome.ok && (outcome.value.seq ?? 0) <= this.#port.cursor(entry.chat_id)
    return shown ? { ok: true, value: { seq: null } } : outcome
  }

  async #bring(files: readonly LocalFile[], moved: () => void): Promise<Outcome<readonly string[]>> {
    try {
      const outcome = await (await this.#port.carrier()).bring(files, moved)
      if (outcome.ok || outcome.problem.code !== 'offline' || !this.#port.connection.live) return outcome
    } catch {
      // What carries files could not be fetched.
    }
    // The socket is there, so nobody will say that the network is back.
    return { ok: false, problem: problem(this.#port.connection.live ? 'timeout' : 'offline') }
  }

  #isCarried(entry: OutboxEntry): boolean {
    return fileIds(entry).some((id) => this.#port.now() - (this.#carried.get(id) ?? -Infinity) < CARRIED_MS)
  }

  /** Where what carries files is not to be had, it finds them the next time: nothing names them any more. */
  #giveUp(ids: readonly string[]): void {
    void this.#port
      .carrier()
      .then((carrier) => carrier.drop(ids))
      .catch(() => undefined)
  }

  async #ended(entry: OutboxEntry, sent: boolean): Promise<void> {
    const ids = fileIds(entry)
    if (ids.length === 0) return
    for (const id of ids) this.#carried.delete(id)
    const carrier = await this.#port.carrier()
    if (sent) await carrier.sent(ids)
    else carrier.drop(ids)
  }
}

/** What goes, and the originals of smaller pictures, which are kept for nothing any more. */
function settled(files: readonly LocalFile[]): { going: LocalFile[]; left: string[] } {
  const left = files.flatMap(({ full }) => (full === undefined ? [] : [full.id]))
  return { going: files.map(alone), left }
}

function alone(file: LocalFile): LocalFile {
  const copy = { ...file }
  delete copy.full
  return copy
}

function fileIds(entry: OutboxEntry | undefined): string[] {
  return entry?.kind === 'send' ? (entry.files ?? []).map(({ id }) => id) : []
}
