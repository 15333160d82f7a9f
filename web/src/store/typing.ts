/** Who is writing, and telling the others that I am: ephemeral, so everything here runs out by itself. */

/** The server may drop the end of it, so a sign of typing is believed for this long. */
const BELIEVED_MS = 6_000
const SHOWN_MAX = 5
/** One sign in 3 s is what the others need, and what the server allows. */
const TELL_EVERY_MS = 3_000
const IDLE_MS = 5_000

type Timer = ReturnType<typeof setTimeout>

export class TypingBoard {
  readonly #changed: (chatId: string) => void
  readonly #chats = new Map<string, Map<string, Timer>>()

  constructor(changed: (chatId: string) => void) {
    this.#changed = changed
  }

  /** User ids, at most 5. */
  of(chatId: string): readonly string[] {
    return [...(this.#chats.get(chatId)?.keys() ?? [])].slice(0, SHOWN_MAX)
  }

  set(chatId: string, userId: string, on: boolean): void {
    const people = this.#chats.get(chatId) ?? new Map<string, Timer>()
    clearTimeout(people.get(userId))
    const known = people.delete(userId)
    if (on)
      people.set(
        userId,
        setTimeout(() => this.set(chatId, userId, false), BELIEVED_MS),
      )
    if (people.size === 0) this.#chats.delete(chatId)
    else this.#chats.set(chatId, people)
    if (known !== on) this.#changed(chatId)
  }

  clear(): void {
    for (const [chatId, people] of this.#chats) {
      for (const timer of people.values()) clearTimeout(timer)
      this.#chats.delete(chatId)
      this.#changed(chatId)
    }
  }
}

/** My own typing, in one chat at a time. */
export class TypingSender {
  readonly #post: (chatId: string, on: boolean) => void
  readonly #now: () => number
  #chatId: string | null = null
  #toldAt = 0
  #idle: Timer | undefined

  constructor(post: (chatId: string, on: boolean) => void, now: () => number) {
    this.#post = post
    this.#now = now
  }

  /** On every input; told at most once in 3 s, and ended after 5 s without input. */
  set(chatId: string, on: boolean): void {
    if (!on || (this.#chatId !== null && this.#chatId !== chatId)) this.#end()
    if (!on) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#end(), IDLE_MS)
    if (this.#chatId === chatId && this.#now() - this.#toldAt < TELL_EVERY_MS) return
    this.#chatId = chatId
    this.#toldAt = this.#now()
    this.#post(chatId, true)
  }

  #end(): void {
    clearTimeout(this.#idle)
    if (this.#chatId !== null) this.#post(this.#chatId, false)
    this.#chatId = null
  }
}
