/** People: profiles as they are needed, and who is here. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import type { Block, PresenceEntry, PresenceState, User } from '../protocol/wire'
import { Blocks } from './blocks.svelte'
import type { Outcome, Page, PresenceView, UsersApi } from './contract'
import type { StoredUser } from './db'

const WATCHED_MAX = 200
const RETRY_MS = 5_000
/** A profile older than this is shown at once and asked for again: nothing tells of a rename. */
const FRESH_MS = 2 * 60_000
/** How many are asked for in one request. */
const BATCH = 100
/** Names that are drawn together are asked for together. */
const GATHER_MS = 30

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
  readonly #crowds = new SvelteMap<string, number>()
  /** When each was confirmed in the life of this page; what a former page stored may be old. */
  readonly #confirmedAt = new Map<string, number>()
  readonly #watched = new Map<string, readonly string[]>()
  readonly #queue = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #asked: readonly string[] = []

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

  crowd(chatId: string): number | undefined {
    return this.#crowds.get(chatId)
  }

  gather(chatId: string, online: number): void {
    this.#crowds.set(chatId, online)
  }

  watch(key: string, userIds: readonly string[]): void {
    if (userIds.length === 0) this.#watched.delete(key)
    else this.#watched.set(key, userIds)
    for (const userId of userIds) this.#want(userId)
    this.#port.viewChanged()
  }

  setPresence(state: PresenceState, text?: string): void {
    this.#port.postPresence(state, text ?? null)
  }

  watched(): string[] {
    return [...new Set([...this.#watched.values()].flat())].slice(0, WATCHED_MAX)
  }

  restore(users: readonly StoredUser[]): void {
    for (const { user_id, username, display_name, about, avatar_file_id = null } of users)
      this.#profiles.set(user_id, { user_id, username, display_name, about, avatar_file_id })
  }

  learn(user: User): void {
    const { user_id, username, display_name, about, avatar_file_id = null } = user
    const profile: User = { user_id, username, display_name, about, avatar_file_id }
    const now = this.#port.now()
    this.#confirmedAt.set(user_id, now)
    if (same(this.#profiles.get(user_id), profile)) return
    this.#profiles.set(user_id, profile)
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
    this.#crowds.clear()
  }

  /** Whoever is on screen may have another name since the connection was lost. */
  connected(): void {
    for (const userId of this.watched()) this.#want(userId)
    this.#soon(0)
  }

  clear(): void {
    this.blocking.clear()
    this.#profiles.clear()
    this.#presence.clear()
    this.#crowds.clear()
    this.#confirmedAt.clear()
    this.#watched.clear()
    this.#queue.clear()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Called while drawing, so nothing reactive may change before the next turn. */
  #want(userId: string): void {
    const confirmed = this.#confirmedAt.get(userId) ?? -Infinity
    if (userId === '' || this.#port.now() - confirmed < FRESH_MS || this.#asked.includes(userId)) return
    this.#queue.add(userId)
    this.#soon(GATHER_MS)
  }

  #soon(wait: number): void {
    if (this.#timer === null && this.#asked.length === 0 && this.#queue.size > 0)
      this.#timer = setTimeout(() => void this.#fetch(), wait)
  }

  async #fetch(): Promise<void> {
    this.#timer = null
    const asked = [...this.#queue].slice(0, BATCH)
    for (const userId of asked) this.#queue.delete(userId)
    this.#asked = asked
    const outcome = await this.#port.api.users(asked)
    this.#asked = []
    if (outcome.ok) {
      for (const user of outcome.value.users) this.learn(user)
      // Also those who do not exist are not asked for again at once.
      for (const userId of asked) this.#confirmedAt.set(userId, this.#port.now())
    } else if (outcome.problem.retryable) {
      for (const userId of asked) this.#queue.add(userId)
    }
    this.#soon(outcome.ok ? 0 : (outcome.problem.retry_after_ms ?? RETRY_MS))
  }
}

function same(known: User | undefined, fetched: User): boolean {
  return (
    known?.username === fetched.username &&
    known.display_name === fetched.display_name &&
    known.about === fetched.about &&
    known.avatar_file_id === fetched.avatar_file_id
  )
}
