/** Flow control: tells the server how much of its stream was taken in. */
import type { ServerFrame } from './wire'

const EVERY = 32
const AFTER_MS = 5_000
const COUNTED: ReadonlySet<ServerFrame['type']> = new Set(['event', 'user.event', 'chat.head', 'digest'])

/**
 * Counts `es`: from 1 after `welcome`, the objects of the four types that carry state. The number is on
 * no frame, so both sides must count alike; an acknowledgement goes out every 32 of them or after 5 s.
 */
export class Acks {
  readonly #send: (es: number) => void
  #es = 0
  #acknowledged = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(send: (es: number) => void) {
    this.#send = send
  }

  get es(): number {
    return this.#es
  }

  count(frame: ServerFrame): void {
    if (!COUNTED.has(frame.type)) return
    this.#es += 1
    if (this.#es - this.#acknowledged >= EVERY) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), AFTER_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #flush(): void {
    this.stop()
    if (this.#es === this.#acknowledged) return
    this.#acknowledged = this.#es
    this.#send(this.#es)
  }
}
