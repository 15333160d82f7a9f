/** What I said and did and the server has not confirmed: kept over reload, sent in order, never twice. */
import type { Outcome } from './contract'
import type { StoredDraft } from './db'
import { Entries } from './entries'
import { anew, delayOf, isDeletion, laneOf, ownLane } from './lanes'
import { Pauses } from './pauses'
import type { Sender } from './sender'
import type { OutboxEntry, OutboxSend } from './state'

/** More would be a program, not a person; what comes on top fails visibly. */
const LIMIT = 500
/** A tab that leads and has not sent what another wrote for so long is not to be waited for. */
const PATIENCE_MS = 4_000

/** Where it stands in the log now; null for what has no place there. */
export interface Confirmation {
  seq: number | null
}

/** What one tab tells the others: an entry as it is now, or that there is none any more. */
export type OutboxChange =
  | { type: 'entry'; entry: OutboxEntry }
  /** `kept`: its files are still wanted. */
  | { type: 'gone'; id: string; kept?: boolean }
  /** Asked of the tab that sends, which alone knows what is under way. */
  | { type: 'withdraw'; id: string }

export interface OutboxPort {
  /**
   * Carries one out; `offline` when there is no connection. The same id again is harmless. Calls `moved`
   * whenever a part of it has arrived: nothing keeps it waiting then.
   */
  perform(entry: OutboxEntry, moved: () => void): Promise<Outcome<Confirmation>>
  /** `draft` is what stands in the composer afterwards; null leaves that as it is. */
  store(entry: OutboxEntry, draft: StoredDraft | null): Promise<void>
  erase(entry: OutboxEntry): Promise<void>
  /** Nobody needs what was kept for it any more: it is carried out (`sent`), or given up. */
  ended(entry: OutboxEntry, sent: boolean): void
  /** It is not to be sent: its words and files are a draft again. */
  giveBack(entry: OutboxSend): void
  /** Another tab is at it, or at one before it in its lane: files take their time. */
  carried(entry: OutboxEntry): boolean
  /** What is stored, by whatever tab. */
  stored(): Promise<readonly OutboxEntry[]>
  /** This tab is the one that sends. */
  leads(): boolean
  /** Makes this tab the one that sends. */
  lead(): void
  /** The other tabs show the same. */
  tell(change: OutboxChange): void
  /** How far the log of that chat is shown here; `Infinity` where nobody looks. */
  cursor(chatId: string): number
  /** False where the device itself says that there is no network. */
  online(): boolean
  /** Entries of that chat are different. */
  changed(chatId: string): void
  random(): number
}

/**
 * One lane for each chat. Read marks and preferences have lanes of their own, since they wait for nothing,
 * and each deletion has one, since nothing waits for it while it may still be taken back.
 *
 * Every tab shows all entries, one of them sends. What a tab adds is stored before the others hear of
 * it, and a tab that takes over reads what is stored: nothing hangs on a tab that lives.
 */
export class Outbox {
  readonly #port: OutboxPort
  readonly #entries: Entries
  readonly #pauses = new Pauses((lane) => this.#run(lane))
  /** Null as long as there is nothing that talks to the server. */
  #sender: Sender | null = null

  constructor(port: OutboxPort) {
    this.#port = port
    this.#entries = new Entries((chatId) => port.changed(chatId))
  }

  /** What talks to the server is there, and not connected yet. */
  follow(make: typeof Sender): void {
    this.#sender ??= new make(
      {
        entries: this.#entries,
        pauses: this.#pauses,
        show: (entry) => this.#show(entry),
        change: (entry) => this.#change(entry),
        fail: (entry, code) => this.#fail(entry, code),
        drop: (entry) => this.#drop(entry),
        erase: (entry) => void this.#erased(entry),
      },
      this.#port,
    )
  }

  /** What a former page left; those that were under way are sent again with the ids that they had. */
  restore(entries: readonly OutboxEntry[]): void {
    this.#entries.put(...entries.map(restored))
  }

  /** In their order of sending. */
  of(chatId: string): readonly OutboxEntry[] {
    return this.#entries.of(chatId)
  }

  get(id: string): OutboxEntry | undefined {
    return this.#entries.get(id)
  }

  nextOrder(): number {
    return this.#entries.nextOrder()
  }

  /** Shown at once; sent when it is stored, or when storing it has failed. */
  add(entry: OutboxEntry, draft: StoredDraft | null = null): void {
    const full = this.#entries.size >= LIMIT && !ownLane(entry)
    const code = this.#sender?.reason(laneOf(entry)) ?? null
    const accepted: OutboxEntry = full
      ? { ...entry, state: 'failed', code: 'overloaded' }
      : { ...entry, code }
    this.#entries.put(accepted)
    void this.#storeAndGo(accepted, draft)
  }

  /** It is another one now; what is under way for the former is of no account. */
  amend(entry: OutboxEntry): void {
    if (this.#entries.get(entry.id) === undefined) return
    this.#pauses.forgive(laneOf(entry))
    const again = anew(entry)
    this.#entries.put(again)
    void this.#storeAndGo(again, null)
  }

  retry(id: string): void {
    const entry = this.#entries.get(id)
    if (entry?.state === 'failed') this.amend(entry)
  }

  /** Another tab did something. */
  heard(change: OutboxChange): void {
    if (change.type === 'gone') this.#heardGone(change)
    else if (change.type === 'entry') this.#heardEntry(change.entry)
    else if (this.#port.leads()) this.withdraw(change.id)
  }

  /** This tab sends from now on, also what no living tab knows of. */
  async leading(): Promise<void> {
    const stored = await this.#port.stored().catch(() => [])
    this.restore(stored.filter(({ id }) => this.#entries.get(id) === undefined))
    this.#runAll()
  }

  /** Gives it up. One that is under way may still be carried out. */
  discard(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#drop(entry)
    this.#port.ended(entry, false)
    this.#run(laneOf(entry))
  }

  /** Takes a message out that surely has not left this device; false where it is too late for that. */
  withdraw(id: string): boolean {
    const entry = this.#entries.get(id)
    if (entry?.kind !== 'send' || entry.state !== 'queued' || entry.told === true || this.#isBusy(entry))
      return false
    if (!this.#port.leads()) {
      this.#port.tell({ type: 'withdraw', id })
      return true
    }
    // First there, then gone here: a tab that dies in between has it twice, and not never.
    this.#port.giveBack(entry)
    this.#drop(entry, true)
    this.#run(laneOf(entry))
    return true
  }

  /** The log shows everything up to `cursor`: what is confirmed there needs no stand-in any more. */
  settle(chatId: string, cursor: number): void {
    for (const entry of this.of(chatId)) {
      if (entry.state === 'confirmed' && (entry.seq ?? 0) <= cursor) this.#entries.delete(entry)
    }
  }

  /** My message came back as an event, perhaps before the answer, perhaps instead of it. */
  seen(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#entries.delete(entry)
    this.#port.ended(entry, true)
    void this.#erased(entry)
  }

  /**
   * The chat is gone: nothing of it can be sent any more. Words stay, as refused ones; what became of one
   * that is under way its answer says. Answers whether there are any.
   */
  leave(chatId: string): boolean {
    for (const entry of this.of(chatId)) {
      if (!('text' in entry)) this.discard(entry.id)
      else if (entry.state === 'queued' && this.#port.leads() && !this.#isBusy(entry))
        this.#fail(entry, 'not_found')
    }
    return this.of(chatId).length > 0
  }

  connected(): void {
    if (this.#sender !== null) this.#sender.open = true
    // What may still be taken back waits for its person, not for a connection.
    this.#pauses.cut((lane) => !isDeletion(lane))
    this.#runAll()
    for (const entry of this.#entries.all) if (entry.state === 'queued') this.#expect(entry)
  }

  disconnected(): void {
    if (this.#sender !== null) this.#sender.open = false
  }

  /** The page may go: what could still be taken back is carried out, and no answer may come to what is under way. */
  hurry(): void {
    for (const id of this.#sender?.underWay() ?? []) {
      const entry = this.#entries.get(id)
      if (entry?.kind === 'send') void this.#stored({ ...entry, told: true })
    }
    for (const lane of this.#pauses.cut(isDeletion)) this.#run(lane)
  }

  /** Forgets everything in memory; what is stored is the caller's. */
  clear(): void {
    this.#sender?.clear()
    this.#pauses.clear()
    this.#entries.clear()
  }

  #heardGone({ id, kept = false }: OutboxChange & { type: 'gone' }): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#entries.delete(entry)
    if (!kept) this.#port.ended(entry, false)
    this.#run(laneOf(entry))
  }

  #heardEntry(entry: OutboxEntry): void {
    // Shown by its event already: the answer that comes later is no news.
    const former = this.#entries.get(entry.id)
    if (entry.state === 'confirmed' && former === undefined) return
    const taken = takenOut(former, entry)
    if (taken !== null) this.#port.ended(taken, false)
    this.#entries.put(entry)
    this.settle(entry.chat_id, this.#port.cursor(entry.chat_id))
    this.#go(entry)
  }

  #go(entry: OutboxEntry): void {
    const lane = laneOf(entry)
    const wait = delayOf(entry)
    if (wait === 0) this.#run(lane)
    else if (!this.#pauses.has(lane)) this.#pauses.begin(lane, wait)
  }

  #runAll(): void {
    for (const lane of new Set(this.#entries.all.map(laneOf))) this.#run(lane)
  }

  async #storeAndGo(entry: OutboxEntry, draft: StoredDraft | null): Promise<void> {
    await this.#stored(entry, draft)
    // Marked anew or given up while it was being stored.
    if (this.#entries.get(entry.id) !== entry) return
    this.#port.tell({ type: 'entry', entry })
    this.#go(entry)
    this.#expect(entry)
  }

  /** The tab that leads may be asleep, or without a network that this one has. */
  #expect(entry: OutboxEntry): void {
    if (this.#port.leads()) return
    setTimeout(
      () => {
        const waits = this.#entries.get(entry.id) === entry && entry.state === 'queued'
        if (!waits || this.#sender?.open !== true || this.#port.leads()) return
        if (this.#port.carried(entry)) this.#expect(entry)
        else this.#port.lead()
      },
      delayOf(entry) + PATIENCE_MS,
    )
  }

  /** A browser that does not store must still send. */
  async #stored(entry: OutboxEntry, draft: StoredDraft | null = null): Promise<void> {
    try {
      await this.#port.store(entry, draft)
    } catch {
      // Told by nothing: the message itself shows whether it was sent.
    }
  }

  #run(lane: string): void {
    this.#sender?.run(lane)
  }

  #fail(entry: OutboxEntry, code: string): void {
    this.#change({ ...entry, state: 'failed', code })
  }

  /** Here and in every tab. */
  #show(entry: OutboxEntry): void {
    this.#entries.put(entry)
    this.#port.tell({ type: 'entry', entry })
  }

  /** Here, in every tab and on the disk. */
  #change(entry: OutboxEntry): void {
    this.#show(entry)
    void this.#stored(entry)
  }

  #isBusy(entry: OutboxEntry): boolean {
    return this.#sender?.isBusy(entry) === true
  }

  #drop(entry: OutboxEntry, kept = false): void {
    this.#entries.delete(entry)
    this.#port.tell({ type: 'gone', id: entry.id, ...(kept ? { kept } : {}) })
    void this.#erased(entry)
  }

  async #erased(entry: OutboxEntry): Promise<void> {
    try {
      await this.#port.erase(entry)
    } catch {
      // Sent again after a reload, with the same id: the server answers `duplicate`.
    }
  }
}

/** Why it waited is known only to the page that tried; what was under way is to be sent again. */
function restored(entry: OutboxEntry): OutboxEntry {
  if (entry.state === 'confirmed') return { ...entry, state: 'queued', told: true }
  return entry.state === 'queued' ? { ...entry, code: null } : entry
}

/** The files that a message on its way has lost in another tab. */
function takenOut(former: OutboxEntry | undefined, now: OutboxEntry): OutboxEntry | null {
  if (former?.kind !== 'send' || now.kind !== 'send') return null
  const files = (former.files ?? []).filter(({ id }) => !now.files?.some((file) => file.id === id))
  return files.length === 0 ? null : { ...former, files }
}
