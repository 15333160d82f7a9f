/** The connection, whose code is on its way while the stored copy is painted. */
import type { Connection, ConnectionHandlers, ConnectionStatus, Surroundings } from '../protocol/connection'
import { problem } from '../protocol/problem'
import type { Answers, Asking, CommandOf } from '../protocol/requests'
import type { ServerFrame } from '../protocol/wire'
import type { Outcome } from './contract'

export type Live = typeof import('./live')

/** Neither kept nor to be had: like a server that cannot be reached. */
const AGAIN_MS = 3_000
const OFFLINE = { ok: false, problem: problem('offline') } as const

export interface LineHandlers extends Omit<ConnectionHandlers, 'frame'> {
  /** With the code that knows every frame. */
  frame(frame: ServerFrame, live: Live): void
  /** The code is there, and no socket yet. */
  ready(live: Live): void
}

/** Until the code is there it is a connection that is not live. */
export class Line {
  readonly #around: Surroundings
  readonly #handlers: LineHandlers
  readonly #fetch: () => Promise<Live>
  #code: Live | null = null
  #connection: Connection | null = null
  #since = 0
  #wanted = false
  #fetching = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(around: Surroundings, handlers: LineHandlers, fetch: () => Promise<Live>) {
    this.#around = around
    this.#handlers = handlers
    this.#fetch = fetch
  }

  get live(): boolean {
    return this.#connection?.live ?? false
  }

  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#since = this.#around.now()
    if (this.#connection === null) this.#say(this.#around.online() ? 'connecting' : 'offline')
    void this.#begin()
  }

  stop(): void {
    this.#wanted = false
    this.#rest()
    if (this.#connection === null) this.#say('offline')
    else this.#connection.stop()
  }

  retryNow(): void {
    if (this.#connection === null) void this.#begin()
    else this.#connection.retryNow()
  }

  wake(): void {
    if (this.#connection === null) void this.#begin()
    else this.#connection.wake()
  }

  sleep(): void {
    this.#connection?.sleep()
  }

  request<T extends Asking>(command: CommandOf<T>): Promise<Outcome<Answers[T]>> {
    return this.#connection?.request<T>(command) ?? Promise.resolve(OFFLINE)
  }

  /** Carries out what waits to be sent. */
  perform(...what: Parameters<Live['perform']>): ReturnType<Live['perform']> {
    return this.#code?.perform(...what) ?? Promise.resolve(OFFLINE)
  }

  post(command: CommandOf<'typing' | 'presence.set'>): void {
    this.#connection?.post(command)
  }

  async #begin(): Promise<void> {
    this.#rest()
    if (!this.#wanted || this.#fetching) return
    this.#fetching = true
    const live = await this.#fetch().catch(() => null)
    this.#fetching = false
    if (live === null) this.#again()
    else this.#open(live)
  }

  #open(live: Live): void {
    this.#code = live
    this.#handlers.ready(live)
    this.#connection ??= new live.Connection(this.#around, {
      hello: () => this.#handlers.hello(),
      status: (status) => this.#handlers.status(status),
      frame: (frame) => this.#handlers.frame(frame, live),
    })
    // Whoever was here may have gone meanwhile.
    if (this.#wanted) this.#connection.start()
  }

  #again(): void {
    if (!this.#wanted) return
    this.#say('offline')
    this.#timer = setTimeout(() => void this.#begin(), AGAIN_MS)
  }

  #rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #say(state: ConnectionStatus['state']): void {
    this.#handlers.status({ state, reason: null, since: this.#since, next_attempt_at: null })
  }
}
