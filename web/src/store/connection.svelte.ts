/** The connection as the interface sees it. */
import type { ConnectionStatus } from '../protocol/connection'
import type { ConnectionApi } from './contract'
import type { Line } from './line'

export class ConnectionView implements ConnectionApi {
  #status = $state.raw<ConnectionStatus>({ state: 'offline', reason: null, since: 0, next_attempt_at: null })
  readonly #connection: () => Line

  constructor(connection: () => Line) {
    this.#connection = connection
  }

  get state(): ConnectionStatus['state'] {
    return this.#status.state
  }

  get reason(): ConnectionStatus['reason'] {
    return this.#status.reason
  }

  get since(): number {
    return this.#status.since
  }

  get next_attempt_at(): number | null {
    return this.#status.next_attempt_at
  }

  retryNow(): void {
    this.#connection().retryNow()
  }

  update(status: ConnectionStatus): void {
    this.#status = status
  }
}
