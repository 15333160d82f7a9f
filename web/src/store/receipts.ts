/** How far the others have read, in chats that show it. */
import type { Api } from '../protocol/api'
import type { Chat } from '../protocol/wire'

/** In larger chats the server tells nobody. */
const MEMBERS_MAX = 64
const NONE: ReadonlyMap<string, number> = new Map()

export class Receipts {
  readonly #api: Api
  readonly #changed: (chatId: string) => void
  readonly #chats = new Map<string, ReadonlyMap<string, number>>()

  constructor(api: Api, changed: (chatId: string) => void) {
    this.#api = api
    this.#changed = changed
  }

  of(chatId: string): ReadonlyMap<string, number> {
    return this.#chats.get(chatId) ?? NONE
  }

  load(chat: Chat | undefined): void {
    if (chat?.settings.receipts === true && chat.member_count <= MEMBERS_MAX) void this.#fetch(chat.chat_id)
  }

  set(chatId: string, userId: string, n: number): void {
    if ((this.of(chatId).get(userId) ?? -1) === n) return
    this.#chats.set(chatId, new Map(this.of(chatId)).set(userId, n))
    this.#changed(chatId)
  }

  drop(chatId: string): void {
    this.#chats.delete(chatId)
  }

  clear(): void {
    this.#chats.clear()
  }

  async #fetch(chatId: string): Promise<void> {
    const outcome = await this.#api.receipts(chatId)
    if (!outcome.ok) return
    this.#chats.set(chatId, new Map(outcome.value.receipts.map(({ user_id, n }) => [user_id, n])))
    this.#changed(chatId)
  }
}
