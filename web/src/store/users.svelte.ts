/** People: profiles as they are needed, and who is here. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import type { Block, PresenceEntry, PresenceState, User } from '../protocol/wire'
import { Blocks } from './blocks.svelte'
import type { Outcome, Page, PresenceView, UsersApi } from './contract'
import type { StoredUser } from './db'

const WATCHED_MAX = 200
const PARALLEL = 4
const RETRY_MS = 5_000
const FRESH_MS = 24 * 3600 * 1000

export interface UsersPort {
  api: Api
  now(): number
  save(user: StoredUser): void
  saveBlocked(userIds: readonly string[]): void
  /** The people on screen are others than before. */
  viewChanged(): void
  /** A profile came or changed. */
  learned(userId: string): void
  postPresence(state: PresenceState, text: string | null): void
}

export class Users implements UsersApi {
  readonly #port: UsersPort
  readonly blocking: Blocks
  readonly #profiles = new SvelteMap<string, User>()
  readonly #presence = new SvelteMap<string, PresenceView>()
  readonly #fetchedAt = new Map<string, number>()
  readonly #watched = new Map<string, readonly string[]>()
  /** Asked for, or not to be asked for again in this session. */
  readonly #settled = new Set<string>()
  #queue: string[] = []
  #running = 0

  constructor(port: UsersPort) {
    this.#port = port
    this.blocking = new Blocks({ api: port.api, save: (userIds) => port.saveBlocked(userIds) })
  }

  get(userId: string): User | undefined {
    const known = this.#profiles.get(userId)
    this.#want(userId)
    return known
  }

  /** Without fetching what is not known. */
  peek(userId: string): User | undefined {
    return this.#profiles.get(userId)
  }

  async search(q: string, cursor?: string): Promise<Outcome<Page<User>>> {
    const outcome = await this.#port.api.searchUsers(q, cursor)
    if (!outcome.ok) return outcome
    for (const user of outcome.value.users) this.learn(user)
    return { ok: true, value: { items: outcome.value.users, next_cursor: outcome.value.next_cursor } }
  }

  blocked(userId: string): boolean {
    return this.blocking.has(userId)
  }

  blocks(): Promise<Outcome<readonly Block[]>> {
    return this.blocking.list()
  }

  block(userId: string, on: boolean): Promise<Outcome<void>> {
    return this.blocking.put(userId, on)
  }

  presence(userId: string): PresenceView | undefined {
    return this.#presence.get(userId)
  }

  watch(key: string, userIds: readonly string[]): void {
    if (userIds.length === 0) this.#watched.delete(key)
    else this.#watched.set(key, userIds)
    this.#port.viewChanged()
  }

  setPresence(state: PresenceState, text?: string): void {
    this.#port.postPresence(state, text ?? null)
  }

  watched(): string[] {
    return [...new Set([...this.#watched.values()].flat())].slice(0, WATCHED_MAX)
  }

  restore(users: readonly StoredUser[]): void {
    for (const { fetched_at, ...user } of users) {
      this.#profiles.set(user.user_id, user)
      this.#fetchedAt.set(user.user_id, fetched_at)
    }
  }

  learn(user: User): void {
    const { user_id, username, display_name, about, avatar_file_id = null } = user
    const profile: User = { user_id, username, display_name, about, avatar_file_id }
    const now = this.#port.now()
    this.#profiles.set(user_id, profile)
    this.#fetchedAt.set(user_id, now)
    this.#settled.add(user_id)
    this.#port.save({ ...profile, fetched_at: now })
    this.#port.learned(user_id)
  }

  present(entries: readonly PresenceEntry[]): void {
    for (const { user_id, state, last_seen = null, text = null } of entries) {
      this.#presence.set(user_id, { state, last_seen, text })
    }
  }

  /** Nobody knows who is here any more. */
  disconnected(): void {
    this.#presence.clear()
  }

  /** Profiles that could not be fetched are asked for again. */
  connected(): void {
    this.#pump()
  }

  clear(): void {
    this.blocking.clear()
    this.#profiles.clear()
    this.#presence.clear()
    this.#fetchedAt.clear()
    this.#watched.clear()
    this.#settled.clear()
    this.#queue = []
  }

  /** Called while drawing, so nothing reactive may change before the next turn. */
  #want(userId: string): void {
    const age = this.#port.now() - (this.#fetchedAt.get(userId) ?? 0)
    if (userId === '' || age < FRESH_MS || this.#settled.has(userId)) return
    this.#settled.add(userId)
    this.#queue.push(userId)
    queueMicrotask(() => this.#pump())
  }

  #pump(): void {
    while (this.#running < PARALLEL) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#running += 1
      void this.#fetch(next)
    }
  }

  async #fetch(userId: string): Promise<void> {
    const outcome = await this.#port.api.user(userId)
    this.#running -= 1
    if (outcome.ok) this.learn(outcome.value)
    else if (outcome.problem.retryable) this.#again(userId, outcome.problem.retry_after_ms)
    if (outcome.ok || !outcome.problem.retryable) this.#pump()
  }

  #again(userId: string, retryAfterMs: number | null): void {
    this.#queue.push(userId)
    setTimeout(() => this.#pump(), retryAfterMs ?? RETRY_MS)
  }
}
