/** The socket's life: offline → connecting → live, and back again without anybody's help. */
import type { ConnectionReason, Outcome } from '../store/contract'
import { Acks } from './acks'
import { backoff, STABLE_MS } from './backoff'
import { closing } from './closing'
import { problem } from './problem'
import { Requests, type Answers, type Asking, type CommandOf } from './requests'
import type { ClientFrame, Hello, ServerFrame, Welcome } from './wire'

const OPENING_MS = 15_000
const PROBE_MS = 5_000
/** Where the browser itself says that the network went. */
const LAST_PROBE_MS = 2_000
const HELLO_ID = 0
const MAX_RETRY_AFTER_MS = 300_000

/** The part of a WebSocket that is used; a test passes a scripted one. */
export type Socket = Pick<WebSocket, 'onopen' | 'onmessage' | 'onclose' | 'send' | 'close'>

export interface Surroundings {
  open: () => Socket
  /** What the browser believes; false only makes the state say `offline`. */
  online: () => boolean
  random: () => number
  now: () => number
}

export interface ConnectionStatus {
  state: 'offline' | 'connecting' | 'live' | 'stopped'
  reason: ConnectionReason | null
  /** Epoch milliseconds; of one that is not live: since when nothing has been heard. */
  since: number
  next_attempt_at: number | null
}

export interface ConnectionHandlers {
  /** Asked at each attempt: where to go on. */
  hello(): Pick<Hello, 'resume' | 'view' | 'device' | 'token'>
  /** Every frame that is not an answer or a heartbeat, in order, `welcome` first. */
  frame(frame: ServerFrame): void
  status(status: ConnectionStatus): void
}

/**
 * Sends hello as its first frame, counts and acknowledges events, answers heartbeats, comes back with
 * full-jitter back-off after whatever the close code allows, and stops on those that say so.
 */
export class Connection {
  readonly #around: Surroundings
  readonly #handlers: ConnectionHandlers
  readonly #requests = new Requests()
  #acks: Acks | null = null
  #socket: Socket | null = null
  #status: ConnectionStatus
  #wanted = false
  #attempt = 0
  #retryAfter = 0
  #liveSince = 0
  #lastInbound = 0
  #heartbeatMs = 30_000
  #retryTimer: ReturnType<typeof setTimeout> | null = null
  #watchTimer: ReturnType<typeof setTimeout> | null = null
  #goawayTimer: ReturnType<typeof setTimeout> | null = null

  constructor(around: Surroundings, handlers: ConnectionHandlers) {
    this.#around = around
    this.#handlers = handlers
    this.#status = { state: 'offline', reason: null, since: around.now(), next_attempt_at: null }
  }

  get live(): boolean {
    return this.#status.state === 'live'
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#attempt = 0
    this.#status = { ...this.#status, since: this.#around.now() }
    this.#connect()
  }

  stop(): void {
    this.#wanted = false
    this.#discard()
    this.#say('offline', null)
  }

  /** Also leaves `stopped`: the person asked for it. */
  retryNow(): void {
    if (!this.#wanted || this.#socket !== null) return
    this.#connect()
  }

  /** The network came back or the page became visible: find out now instead of waiting. */
  wake(): void {
    if (this.live) this.#probe()
    else if (this.#status.state !== 'stopped') this.retryNow()
  }

  /** The browser says that the network went. A server on this machine is still there, so only ask. */
  sleep(): void {
    if (this.live) this.#probe(LAST_PROBE_MS)
    else if (this.#status.state === 'connecting')
      this.#say('offline', this.#status.reason, this.#status.next_attempt_at)
  }

  /** Answers `offline` at once when not live: whoever asks keeps what must not be lost. */
  request<T extends Asking>(command: CommandOf<T>): Promise<Outcome<Answers[T]>> {
    if (!this.live) return Promise.resolve({ ok: false, problem: problem('offline') })
    return this.#requests.ask<T>(command, (frame) => this.#send(frame))
  }

  /** For what nobody answers: typing, presence. Dropped when not live. */
  post(command: CommandOf<'typing' | 'presence.set'>): void {
    if (this.live) this.#send(command)
  }

  #connect(): void {
    this.#discard()
    const socket = this.#around.open()
    this.#socket = socket
    socket.onopen = () => this.#send({ type: 'hello', id: HELLO_ID, ...this.#handlers.hello() })
    socket.onmessage = ({ data }) => this.#receive(data)
    socket.onclose = ({ code }) => this.#closed(code)
    this.#say(this.#around.online() ? 'connecting' : 'offline', this.#status.reason)
    this.#watchTimer = setTimeout(() => this.#lost('network'), OPENING_MS)
  }

  #receive(data: unknown): void {
    this.#lastInbound = this.#around.now()
    const socket = this.#socket
    for (const frame of decode(data)) {
      // A handler may have closed this very connection.
      if (this.#socket === socket) this.#take(frame)
    }
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'welcome') this.#welcome(frame)
    this.#acks?.count(frame)
    if (this.#requests.accept(frame)) return
    if (frame.type === 'ping') this.#send({ type: 'pong', ts: frame.ts })
    if (frame.type === 'goaway') this.#goaway(frame.after_ms)
    if (frame.type === 'error' && !this.live) this.#refused(frame.retry_after_ms ?? 0)
    else this.#handlers.frame(frame)
  }

  #welcome(frame: Welcome): void {
    this.#acks = new Acks((es) => this.#send({ type: 'ack', es }))
    this.#heartbeatMs = frame.heartbeat_ms
    this.#liveSince = this.#around.now()
    this.#retryAfter = 0
    this.#say('live', null)
    this.#watch(2 * this.#heartbeatMs)
  }

  /** Refusals of `hello`: the close code that follows says whether to come back, this says when. */
  #refused(retryAfterMs: number): void {
    this.#retryAfter = Math.min(MAX_RETRY_AFTER_MS, Math.max(this.#retryAfter, retryAfterMs))
  }

  #goaway(afterMs: number): void {
    this.#goawayTimer ??= setTimeout(() => this.#lost('restarting'), afterMs)
  }

  #closed(code: number): void {
    const { reason, reconnect } = closing(code)
    if (reconnect) this.#lost(reason)
    else this.#halt(reason)
  }

  #halt(reason: ConnectionReason): void {
    this.#discard()
    this.#say('stopped', reason)
  }

  #lost(reason: ConnectionReason, since?: number): void {
    const held = this.live && this.#around.now() - this.#liveSince >= STABLE_MS
    this.#attempt = held ? 0 : this.#attempt
    const wait = Math.max(backoff(this.#attempt, this.#around.random()), this.#retryAfter)
    this.#attempt += 1
    this.#discard()
    this.#retryTimer = setTimeout(() => this.#connect(), wait)
    this.#say(this.#around.online() ? 'connecting' : 'offline', reason, this.#around.now() + wait, since)
  }

  /** Silence of two heartbeats means that nobody is there, whatever the socket believes. */
  #watch(ms: number): void {
    if (this.#watchTimer !== null) clearTimeout(this.#watchTimer)
    this.#watchTimer = setTimeout(() => {
      const left = this.#lastInbound + 2 * this.#heartbeatMs - this.#around.now()
      if (left <= 0) this.#lost('heartbeat')
      else this.#watch(left)
    }, ms)
  }

  #probe(patience = PROBE_MS): void {
    const asked = this.#around.now()
    this.#send({ type: 'ping', ts: asked })
    if (this.#watchTimer !== null) clearTimeout(this.#watchTimer)
    this.#watchTimer = setTimeout(() => {
      if (this.#lastInbound < asked) this.#lost('heartbeat', asked)
      else this.#watch(2 * this.#heartbeatMs)
    }, patience)
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  #discard(): void {
    for (const timer of [this.#retryTimer, this.#watchTimer, this.#goawayTimer]) {
      if (timer !== null) clearTimeout(timer)
    }
    this.#retryTimer = this.#watchTimer = this.#goawayTimer = null
    this.#acks?.stop()
    this.#acks = null
    const socket = this.#socket
    this.#socket = null
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close(1000)
    }
    this.#requests.abandon()
  }

  #say(
    state: ConnectionStatus['state'],
    reason: ConnectionReason | null,
    nextAttemptAt: number | null = null,
    begun = this.#around.now(),
  ): void {
    // Attempts change the state and not what it is like to be without a connection.
    const same = state === this.#status.state || (isAway(state) && isAway(this.#status.state))
    const since = same ? this.#status.since : begun
    this.#status = { state, reason, since, next_attempt_at: nextAttemptAt }
    this.#handlers.status(this.#status)
  }
}

function isAway(state: ConnectionStatus['state']): boolean {
  return state === 'offline' || state === 'connecting'
}

/** A text frame is one object or an array of them; what is not readable is ignored. */
function decode(data: unknown): ServerFrame[] {
  if (typeof data !== 'string') return []
  try {
    const value: unknown = JSON.parse(data)
    return (Array.isArray(value) ? value : [value]).filter(isFrame)
  } catch {
    return []
  }
}

function isFrame(value: unknown): value is ServerFrame {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
