/**
 * What the interface may read and ask: the whole surface between `ui/` and `store/`.
 *
 * Reading a property or calling a selector inside a template, `$derived` or `$effect` tracks it.
 * Values are immutable: a change gives a new object, so identity comparison is enough. Actions never
 * throw for something the server or the network may do: they answer an `Outcome`.
 */
import type { ChatsApi } from './contract/chats'
import type { ConnectionApi } from './contract/connection'
import type { FilesApi } from './contract/files'
import type { MessagesApi } from './contract/messages'
import type { SearchApi } from './contract/search'
import type { SessionApi } from './contract/session'
import type { UsersApi } from './contract/users'

export type * from './contract/chats'
export type * from './contract/connection'
export type * from './contract/files'
export type * from './contract/messages'
export type * from './contract/outcome'
export type * from './contract/search'
export type * from './contract/session'
export type * from './contract/timeline'
export type * from './contract/users'

/** The whole store; made by `createStore()` in `store.svelte.ts`, started by `main.ts`. */
export interface Store {
  readonly session: SessionApi
  readonly connection: ConnectionApi
  readonly chats: ChatsApi
  readonly messages: MessagesApi
  readonly users: UsersApi
  readonly search: SearchApi
  /** Only after `openFiles`. */
  readonly files: FilesApi
  /** Fetches what files need; at once the second time. */
  openFiles(): Promise<unknown>
  /** Reads the local copy, paints, then connects. */
  start(chatId?: string | null): Promise<void>
  /** This computer is other people's too: nothing is stored. */
  readonly shared: boolean
  /** A page that is loaded again would lose something that is to be sent, or the session. */
  readonly busy: boolean
  /** Everything that the server has too goes from this device; unsent words stay. */
  clearCopies(): Promise<void>
  /** The page goes away. */
  leave(): void
  /** Ends sockets and timers; the local copy stays. */
  stop(): void
}
