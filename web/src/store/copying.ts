/** The stored copy of a chat that is not on screen, brought up to date once. */
import type { Chat } from '../protocol/wire'
import { Conversation } from './conversation'
import type { Database } from './db'
import type { WindowKeeper } from './keeping'
import type { WindowRows } from './saver'
import { CATCH_UP_MAX, type Timeline } from './state'

const PATIENCE_MS = 20_000

type ConversationPort = ConstructorParameters<typeof Conversation>[2]

export interface CopierPort {
  database(): Database | null
  chat(): Chat | undefined
  conversation(cursor: () => number): Omit<ConversationPort, 'applied' | 'changed'>
  save(read: () => WindowRows | null): void
  rows(timeline: Timeline): WindowRows | null
}

export class Copier {
  readonly #chatId: string
  readonly #keeper: WindowKeeper
  readonly #port: CopierPort

  constructor(chatId: string, keeper: WindowKeeper, port: CopierPort) {
    this.#chatId = chatId
    this.#keeper = keeper
    this.#port = port
  }

  /** False when the server did not give what is missing. */
  async run(): Promise<boolean> {
    const database = this.#port.database()
    const head = this.#port.chat()?.seq
    if (database === null || head === undefined) return true
    const local = await this.#keeper.read(database, this.#chatId).catch(() => null)
    if (local !== null && local.cursor >= head) return true
    const near = local !== null && head - local.cursor <= CATCH_UP_MAX ? local : null
    const conversation = await this.#caughtUp(near, head)
    if (conversation === null) return false
    this.#port.save(() => this.#port.rows(conversation.timeline))
    return true
  }

  async #caughtUp(local: Timeline | null, head: number): Promise<Conversation | null> {
    let arrived: (there: boolean) => void = () => undefined
    const there = new Promise<boolean>((resolve) => (arrived = resolve))
    const conversation: Conversation = new Conversation(this.#chatId, local, {
      ...this.#port.conversation(() => conversation.cursor),
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
