/**
 * How far the copy of everything but open chats reaches: what `resume` says at the next hello.
 *
 * While the list is being fetched the copy is none to go on from: a page that is closed before the
 * answer, or a connection lost before it, must ask for all of it again.
 */
import type { Hello, Welcome } from '../protocol/wire'
import type { Position } from './db'

export interface ProgressPort {
  save(position: Position): void
  /** The copy cannot be gone on from: fetch the list anew, and tell `loaded` when it is here. */
  reload(): void
  /** The log is another one (restored from a backup): nothing of the copy is true any more. */
  discard(): void
}

export class Progress {
  readonly #port: ProgressPort
  #position: Position | null = null
  /** The list that the position speaks of is here. */
  #whole = false

  constructor(port: ProgressPort) {
    this.#port = port
  }

  /** Null: there is nothing to go on from. */
  get position(): Position | null {
    return this.#whole ? this.#position : null
  }

  /** What a hello says of it; `open`: where each open chat stands. Nothing, where there is nothing to go on from. */
  resume(open: { chat_id: string; seq: number }[]): Pick<Hello, 'resume'> {
    if (this.position === null) return {}
    const { sync_token, useq } = this.position
    return { resume: { sync_token, useq, open } }
  }

  restore(position: Position | null): void {
    this.#position = position
    this.#whole = position !== null
  }

  /** The list is reloaded unless the server goes on exactly where this copy stands. */
  welcome({ log_epoch, useq, sync_token, resumed }: Welcome): void {
    const old = this.#position
    const other = old !== null && old.log_epoch !== log_epoch
    if (other) this.#port.discard()
    if (resumed && old !== null && !other) {
      // The missed entries follow and count it up; the token already speaks of the digest to come.
      this.#pending = sync_token
      return
    }
    this.#position = { log_epoch, useq, sync_token }
    this.#reload()
  }

  /** The list has come that was asked for last. */
  loaded(): void {
    if (this.#position === null) return
    this.#whole = true
    this.#port.save(this.#position)
  }

  /** True when this entry of the person's log is to be applied. */
  next(useq: number): boolean {
    const position = this.#position
    if (position === null || useq <= position.useq) return false
    if (useq > position.useq + 1) this.#reload()
    this.#set({ ...position, useq })
    return true
  }

  checkpoint(sync_token: string): void {
    if (this.#position !== null) this.#set({ ...this.#position, sync_token })
  }

  /** The last page of the digest has come: the token of the welcome is earned. */
  digested(): void {
    if (this.#pending !== null) this.checkpoint(this.#pending)
    this.#pending = null
  }

  clear(): void {
    this.#position = null
    this.#pending = null
    this.#whole = false
  }

  #reload(): void {
    this.#whole = false
    this.#port.reload()
  }

  #pending: string | null = null

  #set(position: Position): void {
    this.#position = position
    if (this.#whole) this.#port.save(position)
  }
}
