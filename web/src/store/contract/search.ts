/** What is found in messages. */
import type { Message } from '../../protocol/wire'
import type { Outcome, Page } from './outcome'

/** What to search for; instants are RFC 3339, `before` excluded. */
export interface SearchInput {
  q: string
  chat_id?: string
  from?: string
  has?: 'link' | 'file'
  after?: string
  before?: string
}

export interface SearchHit {
  chat_id: string
  message: Message
  /** Ranges of the text, in code points. */
  highlights: readonly (readonly [start: number, end: number])[]
}

export interface SearchApi {
  /** Stored messages of these chats that fit, newest first: of several chats the newest, of one all. */
  stored(chatIds: readonly string[], matches: (text: string) => boolean): Promise<readonly Message[]>
  /** What the server finds, the best first; a page may be empty while more follow. */
  ask(input: SearchInput, cursor?: string): Promise<Outcome<Page<SearchHit>>>
}
