/** The conversations that are open, and what each shows: the last that somebody looked at. */
import { SvelteMap } from 'svelte/reactivity'
import type { ChatEvent } from '../protocol/wire'
import type { TimelineView } from './contract'
import type { Conversation } from './conversation'
import type { Database, readWindow } from './db'
import { WindowKeeper } from './keeping'
import type { Line } from './line'
import { blank, OpenChat, type Log, type OpenPort } from './open-chat'
import type { WindowRows } from './saver'
import type { OutboxEntry } from './state'

/** Chats whose windows stay in memory and whose events flow. */
const KEPT = 3

export interface OpenChatsPort extends OpenPort {
  connection: Pick<Line, 'request' | 'live'>
  database(): Database | null
  saveWindow(chatId: string, read: () => WindowRows | null): void
  /** The end of that chat's copy, when the start of the page has asked for it already. */
  windowAhead(chatId: string): ReturnType<typeof readWindow> | null
  /** Other chats are open than before. */
  viewChanged(): void
}

/** What stands beside the log of a chat, and who hears what becomes of it. */
export interface Beside {
  /** What of mine is on its way there. */
  pending(chatId: string): readonly OutboxEntry[]
  receipts(chatId: string): ReadonlyMap<string, number> | undefined
  /** It is there, as its copy or as nothing yet. */
  opened(chatId: string): void
  applied(chatId: string, events: readonly ChatEvent[]): void
  /** Everything up to `cursor` is in what it shows. */
  reached(chatId: string, cursor: number): void
  forgotten(chatId: string): void
}

export class OpenChats {
  readonly #port: OpenChatsPort
  readonly #beside: Beside
  readonly #views = new SvelteMap<string, TimelineView>()
  readonly #opened = new Map<string, OpenChat>()
  readonly #opening = new Set<string>()
  /** Opened before the server has told what is unread in them. */
  readonly #early = new Set<string>()
  readonly #dirty = new Set<string>()
  #follows: () => void = () => undefined
  /** Some conversation is followed from now on. */
  readonly #following = new Promise<void>((resolve) => (this.#follows = resolve))
  #want: () => void = () => undefined
  /** Somebody waits for what is not stored here: that cannot be painted without the code that brings it. */
  readonly wanting = new Promise<void>((resolve) => (this.#want = resolve))
  log: Log | null = null
  /** Newest first. */
  recent: readonly string[] = []

  constructor(port: OpenChatsPort, beside: Beside) {
    this.#port = port
    this.#beside = beside
  }

  get all(): readonly OpenChat[] {
    return [...this.#opened.values()]
  }

  get(chatId: string): OpenChat | undefined {
    return this.#opened.get(chatId)
  }

  /** Open, or about to be. */
  has(chatId: string): boolean {
    return this.#opened.has(chatId) || this.#opening.has(chatId)
  }

  view(chatId: string): TimelineView {
    return this.#views.get(chatId) ?? blank(chatId)
  }

  open(chatId: string, at_seq?: number): void {
    const recent = [chatId, ...this.recent.filter((other) => other !== chatId)]
    for (const evicted of recent.splice(KEPT)) this.#forget(evicted)
    this.recent = recent
    const opened = this.#opened.get(chatId)
    if (opened !== undefined) this.#reopen(opened, chatId, at_seq)
    else if (!this.#opening.has(chatId)) void this.#begin(chatId, at_seq)
    this.#port.viewChanged()
  }

  /** The person left it: the divider goes. */
  close(chatId: string): void {
    this.#early.delete(chatId)
    const opened = this.#opened.get(chatId)
    if (opened === undefined) return
    opened.divider = null
    this.draw(chatId)
  }

  /** The server has told what came while there was no connection: that is unread in what was opened before. */
  told(chatId: string): void {
    if (!this.#early.delete(chatId)) return
    this.#opened.get(chatId)?.divide()
    this.draw(chatId)
  }

  /** It can be seen no more. */
  drop(chatId: string): void {
    this.recent = this.recent.filter((other) => other !== chatId)
    this.#forget(chatId)
  }

  clear(): void {
    for (const chatId of [...this.#opened.keys()]) this.#forget(chatId)
    this.recent = []
    this.#views.clear()
  }

  /** What follows the log of a chat is there: what is open goes on with it. */
  follow(log: Log): void {
    this.log ??= log
    for (const opened of this.#opened.values()) if (opened.conversation === null) opened.follow(this.log)
    this.#follows()
  }

  /** What follows its log, as soon as there is such; null for a chat that is not open then. `leaps`: to go elsewhere in it. */
  async followed(chatId: string, leaps = false): Promise<Conversation | null> {
    if (this.log === null) this.#want()
    await this.#following
    const opened = this.#opened.get(chatId)
    if (leaps) opened?.leap()
    return opened?.conversation ?? null
  }

  /** Once for everything that one turn of the loop brings. */
  draw(chatId: string): void {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#drawAll())
    this.#dirty.add(chatId)
  }

  async #begin(chatId: string, at_seq: number | undefined): Promise<void> {
    this.#opening.add(chatId)
    if (!this.#port.connection.live) this.#early.add(chatId)
    const keeper = new WindowKeeper()
    const database = this.#port.database()
    const ahead = this.#port.windowAhead(chatId)
    const local = database === null ? null : await keeper.read(database, chatId, ahead).catch(() => null)
    this.#opening.delete(chatId)
    if (!this.recent.includes(chatId)) return
    const opened = new OpenChat(chatId, keeper, local, at_seq, {
      ...this.#port,
      applied: (events) => this.#applied(chatId, events),
      changed: () => this.#changed(chatId),
    })
    this.#opened.set(chatId, opened)
    this.draw(chatId)
    this.#beside.opened(chatId)
    if (this.log !== null) opened.follow(this.log)
    // A copy that shows what is wanted is painted first.
    else if (!opened.paints()) this.#want()
  }

  #reopen(opened: OpenChat, chatId: string, at_seq: number | undefined): void {
    if (at_seq === undefined) opened.reopen()
    else {
      opened.divide()
      void this.followed(chatId, true).then((conversation) => conversation?.jumpTo(at_seq))
    }
    this.draw(chatId)
  }

  #applied(chatId: string, events: readonly ChatEvent[]): void {
    this.#opened.get(chatId)?.note(events)
    this.#beside.applied(chatId, events)
  }

  #changed(chatId: string): void {
    const opened = this.#opened.get(chatId)
    if (opened === undefined) return
    this.#beside.reached(chatId, opened.shown.cursor)
    this.#port.saveWindow(chatId, () => opened.rows())
    this.draw(chatId)
  }

  #forget(chatId: string): void {
    this.#opened.get(chatId)?.conversation?.suspend()
    this.#opened.delete(chatId)
    this.#views.delete(chatId)
    this.#beside.forgotten(chatId)
  }

  #drawAll(): void {
    for (const chatId of this.#dirty) {
      const view = this.#opened.get(chatId)?.view(this.#beside.pending(chatId), this.#beside.receipts(chatId))
      if (view !== undefined) this.#views.set(chatId, view)
    }
    this.#dirty.clear()
  }
}
