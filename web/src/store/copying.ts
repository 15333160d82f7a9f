/** The stored copy of a chat that is not on screen, brought up to date once. */
import { Conversation } from './conversation'
import type { Database } from './db'
import { WindowKeeper } from './keeping'
import type { LogPort } from './log-port'
import type { Log } from './open-chat'
import type { WindowRows } from './saver'
import { CATCH_UP_MAX, type Timeline } from './state'

const PATIENCE_MS = 20_000

export interface CopierPort extends LogPort {
  now(): number
  database(): Database | null
  saveWindow(chatId: string, read: () => WindowRows | null): void
}

export class Copier {
  readonly #chatId: string
  readonly #keeper = new WindowKeeper()
  readonly #log: Pick<Log, 'logPort' | 'paging'>
  readonly #port: CopierPort

  constructor(chatId: string, log: Pick<Log, 'logPort' | 'paging'>, port: CopierPort) {
    this.#chatId = chatId
    this.#log = log
    this.#port = port
  }

  /** False when the server did not give what is missing. */
  async run(): Promise<boolean> {
    const database = this.#port.database()
    const head = this.#port.chat(this.#chatId)?.seq
    if (database === null || head === undefined) return true
    const local = await this.#keeper.read(database, this.#chatId).catch(() => null)
    if (local !== null && local.cursor >= head) return true
    const near = local !== null && head - local.cursor <= CATCH_UP_MAX ? local : null
    const conversation = await this.#caughtUp(near, head)
    if (conversation === null) return false
    this.#port.saveWindow(this.#chatId, () =>
      this.#keeper.rows(conversation.timeline, this.#port.now(), this.#port.me()),
    )
    return true
  }

  async #caughtUp(local: Timeline | null, head: number): Promise<Conversation | null> {
    let arrived: (there: boolean) => void = () => undefined
    const there = new Promise<boolean>((resolve) => (arrived = resolve))
    const port = this.#log.logPort(this.#chatId, this.#port, this.#keeper, (bound) =>
      this.#log.paging.page(this.#chatId, bound, conversation.cursor),
    )
    const conversation: Conversation = new Conversation(this.#chatId, local, {
      ...port,
      applied: (events) => this.#keeper.note(events, conversation.timeline),
      changed: () => {
        if (conversation.cursor >= head && conversation.status === 'ready') arrived(true)
        else if (conversation.status === 'failed') arrived(false)
      },
    })
    const timer = setTimeout(() => arrived(false), PATIENCE_MS)
    if (local === null) void conversation.load('end')
    else conversation.opened(head)
    const whole = await there
    clearTimeout(timer)
    conversation.suspend()
    return whole ? conversation : null
  }
}
