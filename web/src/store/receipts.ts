/** How far the others have read, in chats that show it. */
import type { Api } from '../protocol/api'
import type { Chat, Message } from '../protocol/wire'

/** In larger chats the server tells nobody. */
const MEMBERS_MAX = 64
const NONE: ReadonlyMap<string, number> = new Map()

export class Receipts {
  readonly #api: Pick<Api, 'receipts'>
  readonly #changed: (chatId: string) => void
  readonly #chats = new Map<string, ReadonlyMap<string, number>>()
  /** What was heard of a chat since its list was asked for, which may not say it. */
  readonly #since = new Map<string, Map<string, number>>()

  constructor(api: Pick<Api, 'receipts'>, changed: (chatId: string) => void) {
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
    this.#since.get(chatId)?.set(userId, n)
    if ((this.of(chatId).get(userId) ?? -1) === n) return
    this.#chats.set(chatId, new Map(this.of(chatId)).set(userId, n))
    this.#changed(chatId)
  }

  /** Who writes has read what stands above; nothing is said of whom the server's list leaves out. */
  wrote(chatId: string, { sender_id, n, scheduled, forwarded }: Message): void {
    if (scheduled === true) return
    const known = this.of(chatId).get(sender_id)
    // Who forwards into a chat need not have looked at it.
    if (forwarded !== undefined && known !== n - 1) return
    if (known === undefined) this.#since.get(chatId)?.set(sender_id, n)
    else if (n > known) this.set(chatId, sender_id, n)
  }

  drop(chatId: string): void {
    this.#chats.delete(chatId)
    this.#since.delete(chatId)
  }

  clear(): void {
    this.#chats.clear()
    this.#since.clear()
  }

  async #fetch(chatId: string): Promise<void> {
    const since = new Map<string, number>()
    this.#since.set(chatId, since)
    const outcome = await this.#api.receipts(chatId)
    // Asked again meanwhile, or nobody wants it any more.
    if (this.#since.get(chatId) !== since) return
    this.#since.delete(chatId)
    if (!outcome.ok) return
    const marks = outcome.value.receipts.map(
      ({ user_id, n }) => [user_id, Math.max(n, since.get(user_id) ?? 0)] as const,
    )
    this.#chats.set(chatId, new Map(marks))
    this.#changed(chatId)
  }
}
