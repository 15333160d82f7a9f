/** The other tabs of this browser: they agree on who is signed in, what is being written, and what is to be sent. */
import type { UploadProgress } from './contract'
import type { StoredDraft } from './db'
import type { OutboxChange } from './outbox'

export type TabMessage =
  | { type: 'signed_in' }
  | { type: 'signed_out' }
  | { type: 'draft'; draft: StoredDraft }
  | { type: 'outbox'; change: OutboxChange }
  | { type: 'upload'; id: string; progress: UploadProgress }

const NAME = 'uptc-messenger'

export class Tabs {
  #channel: BroadcastChannel | null

  constructor(heard: (message: TabMessage) => void, name: string = NAME) {
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
    if (this.#channel === null) return
    this.#channel.onmessage = ({ data }) => heard(data as TabMessage)
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message)
  }

  close(): void {
    this.#channel?.close()
    // An answer that is still on its way has nobody to be told to.
    this.#channel = null
  }
}
