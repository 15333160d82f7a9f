/** People. */
import type { Block, PresenceState, User } from '../../protocol/wire'
import type { Outcome, Page } from './outcome'

export interface PresenceView {
  state: PresenceState
  last_seen: string | null
  text: string | null
}

/** `store.users`: people. */
export interface UsersApi {
  /** Known profile; an unknown one is fetched once, in the background, and appears when it is there. */
  get(userId: string): User | undefined
  /** The same without fetching what is not known. */
  peek(userId: string): User | undefined
  /** Directory search, blind to accents and case. */
  search(q: string, cursor?: string): Promise<Outcome<Page<User>>>
  /** Whom I have blocked. */
  blocked(userId: string): boolean
  blocks(): Promise<Outcome<readonly Block[]>>
  block(userId: string, on: boolean): Promise<Outcome<void>>
  /** Who is online, among those declared by `watch`; undefined when not known. */
  presence(userId: string): PresenceView | undefined
  /** About how many members of a large chat are connected; undefined where nobody said. */
  crowd(chatId: string): number | undefined
  /** The people on screen now (at most 200); replaces the former declaration of the same `key`. */
  watch(key: string, userIds: readonly string[]): void
  setPresence(state: PresenceState, text?: string): void
}
