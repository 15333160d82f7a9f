/** Whom I have blocked: known while offline too, and the same on every device. */
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
  #blocked = $state.raw<ReadonlySet<string>>(new Set())

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
    const others = [...this.#blocked].filter((other) => other !== userId)
    this.#use(on ? [...others, userId] : others)
  }

  restore(userIds: readonly string[]): void {
    this.#blocked = new Set([...this.#blocked, ...userIds])
  }

  /** Everything anew: what changed while nobody listened. */
  async load(): Promise<void> {
    const outcome = await this.list()
    if (!outcome.ok) return
    this.#use(outcome.value.map(({ user }) => user.user_id))
  }

  clear(): void {
    this.#blocked = new Set()
  }

  #use(userIds: readonly string[]): void {
    this.#blocked = new Set(userIds)
    this.#port.save(userIds)
  }
}
