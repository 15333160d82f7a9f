/** How far the copy of everything but open chats reaches: what `resume` says at the next hello. */
import type { Welcome } from '../protocol/wire'
import type { Position } from './db'

export interface ProgressPort {
  save(position: Position): void
  /** The copy cannot be gone on from: fetch the list anew. */
  reload(): void
  /** The log is another one (restored from a backup): nothing of the copy is true any more. */
  discard(): void
}

export class Progress {
  readonly #port: ProgressPort
  #position: Position | null = null

  constructor(port: ProgressPort) {
    this.#port = port
  }

  /** Null: there is nothing to go on from. */
  get position(): Position | null {
    return this.#position
  }

  restore(position: Position | null): void {
    this.#position = position
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
    this.#set({ log_epoch, useq, sync_token })
    this.#port.reload()
  }

  /** True when this entry of the person's log is to be applied. */
  next(useq: number): boolean {
    const position = this.#position
    if (position === null || useq <= position.useq) return false
    if (useq > position.useq + 1) this.#port.reload()
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
  }

  #pending: string | null = null

  #set(position: Position): void {
    this.#position = position
    this.#port.save(position)
  }
}
