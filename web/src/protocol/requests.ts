/** Commands that wait for their answer. */
import type { Outcome } from '../store/contract'
import { decodeProblem, problem } from './problem'
import type { Changed, ClientFrame, ReadState, Sent, ServerFrame, SyncResult, ViewState } from './wire'

/** What each command is answered with. */
export interface Answers {
  'message.send': Sent
  'message.forward': Sent
  'message.edit': Changed
  'message.delete': Changed
  'reaction.set': Changed
  'read.set': ReadState
  'view.set': ViewState
  sync: SyncResult
}

export type Asking = keyof Answers
/** Distributes over a union of types, so that each member keeps its own fields. */
export type CommandOf<T extends ClientFrame['type']> = T extends unknown
  ? Omit<Extract<ClientFrame, { type: T }>, 'id'>
  : never

const TIMEOUT_MS = 15_000
const LIMIT = 256

interface Waiting {
  settle: (outcome: Outcome<never>) => void
  timer: ReturnType<typeof setTimeout>
}

/** At most 256 at once; each is settled once, at the latest after 15 s. */
export class Requests {
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  /** `send` gets the command with its id. A `timeout` means: unknown, ask again with the same ids. */
  ask<T extends Asking>(
    command: CommandOf<T>,
    send: (frame: ClientFrame) => void,
  ): Promise<Outcome<Answers[T]>> {
    if (this.#waiting.size >= LIMIT) {
      return Promise.resolve({ ok: false, problem: problem('overloaded', 'Too many requests are waiting.') })
    }
    const id = (this.#last += 1)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(id, { ok: false, problem: problem('timeout') }), TIMEOUT_MS)
      this.#waiting.set(id, { settle: resolve, timer })
      // The union of commands does not survive Omit; the caller's type has been checked.
      send({ ...command, id })
    })
  }

  /** True when the frame answered a command that was waiting. */
  accept(frame: ServerFrame): boolean {
    if (frame.type !== 'result' && frame.type !== 'error' && frame.type !== 'sync.result') return false
    const ref = frame.ref
    if (typeof ref !== 'number' || !this.#waiting.has(ref)) return false
    if (frame.type === 'error') this.#settle(ref, { ok: false, problem: decodeProblem(frame) })
    else this.#settle(ref, { ok: true, value: frame.type === 'result' ? frame.data : frame })
    return true
  }

  /** The connection is gone: whether they were carried out is unknown. */
  abandon(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { ok: false, problem: problem('offline') })
  }

  #settle(id: number, outcome: Outcome<unknown>): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(outcome as Outcome<never>)
  }
}
