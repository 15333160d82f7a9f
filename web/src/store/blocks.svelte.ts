/** Whom I have blocked: known while offline too, and the same on every device. */
import { SvelteSet } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import type { Block } from '../protocol/wire'
import type { Outcome } from './contract'
import { allPages } from './pages'

export interface BlocksPort {
  api: Pick<Api, 'blocks' | 'block' | 'unblock'>
  save(userIds: readonly string[]): void
}

export class Blocks {
  readonly #port: BlocksPort
  readonly #blocked = new SvelteSet<string>()

  constructor(port: BlocksPort) {
    this.#port = port
  }

  has(userId: string): boolean {
    return this.#blocked.has(userId)
  }

  list(): Promise<Outcome<readonly Block[]>> {
    return allPages(
      (cursor) => this.#port.api.blocks(cursor),
      ({ blocks }) => blocks,
    )
  }

  async put(userId: string, on: boolean): Promise<Outcome<void>> {
    const outcome = await (on ? this.#port.api.block(userId) : this.#port.api.unblock(userId))
    if (!outcome.ok) return outcome
    this.set(userId, on)
    return { ok: true, value: undefined }
  }

  set(userId: string, on: boolean): void {
    if (this.#blocked.has(userId) === on) return
    if (on) this.#blocked.add(userId)
    else this.#blocked.delete(userId)
    this.#port.save([...this.#blocked])
  }

  restore(userIds: readonly string[]): void {
    for (const userId of userIds) this.#blocked.add(userId)
  }

  /** Everything anew: what changed while nobody listened. */
  async load(): Promise<void> {
    const outcome = await this.list()
    if (!outcome.ok) return
    const now = new Set(outcome.value.map(({ user }) => user.user_id))
    for (const userId of this.#blocked) if (!now.has(userId)) this.#blocked.delete(userId)
    for (const userId of now) this.#blocked.add(userId)
    this.#port.save([...now])
  }

  clear(): void {
    this.#blocked.clear()
  }
}
