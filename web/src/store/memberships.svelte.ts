/** Who is in which chat, for the chats whose members somebody looked at. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import type { ChatEvent, ChatRole, Member } from '../protocol/wire'
import type { Outcome } from './contract'
import { changedMembers } from './members'
import { allPages } from './pages'

export class Memberships {
  readonly #api: Api
  readonly #members = new SvelteMap<string, readonly Member[]>()

  constructor(api: Api) {
    this.#api = api
  }

  of(chatId: string): readonly Member[] {
    return this.#members.get(chatId) ?? []
  }

  async load(chatId: string): Promise<Outcome<readonly Member[]>> {
    const outcome = await allPages(
      (cursor) => this.#api.members(chatId, cursor),
      ({ members }) => members,
    )
    if (outcome.ok) this.#members.set(chatId, outcome.value)
    return outcome
  }

  async set(chatId: string, userId: string, role: ChatRole): Promise<Outcome<Member>> {
    const outcome = await this.#api.setMember(chatId, userId, role)
    if (outcome.ok) this.#change(chatId, (members) => [...without(members, userId), outcome.value])
    return outcome
  }

  async remove(chatId: string, userId: string): Promise<Outcome<void>> {
    const outcome = await this.#api.removeMember(chatId, userId)
    if (outcome.ok) this.#change(chatId, (members) => without(members, userId))
    return outcome
  }

  apply(event: ChatEvent): void {
    this.#change(event.chat_id, (members) => changedMembers(members, event))
  }

  drop(chatId: string): void {
    this.#members.delete(chatId)
  }

  clear(): void {
    this.#members.clear()
  }

  #change(chatId: string, change: (members: readonly Member[]) => readonly Member[]): void {
    const members = this.#members.get(chatId)
    if (members === undefined) return
    const next = change(members)
    if (next !== members) this.#members.set(chatId, next)
  }
}

function without(members: readonly Member[], userId: string): readonly Member[] {
  return members.filter(({ user_id }) => user_id !== userId)
}
