/** The messages that a chat keeps at hand, for the chats that are open. */
import { SvelteMap } from 'svelte/reactivity'
import type { Api } from '../protocol/api'
import type { ChatEvent, Pin } from '../protocol/wire'

const NONE: readonly Pin[] = []

export interface PinsPort {
  fetch: Api['pins']
  /** As they were stored here. */
  read(chatId: string): Promise<readonly Pin[]>
  save(chatId: string, pins: readonly Pin[]): void
}

export class Pins {
  readonly #port: PinsPort
  readonly #chats = new SvelteMap<string, readonly Pin[]>()
  readonly #loading = new Set<string>()
  readonly #again = new Set<string>()

  constructor(port: PinsPort) {
    this.#port = port
  }

  /** Newest pin first. */
  of(chatId: string): readonly Pin[] {
    return this.#chats.get(chatId) ?? NONE
  }

  /** What is stored shows until the server has answered. */
  load(chatId: string): void {
    if (!this.#chats.has(chatId)) void this.#restore(chatId)
    if (this.#loading.has(chatId)) this.#again.add(chatId)
    else void this.#fetch(chatId)
  }

  apply(event: ChatEvent): void {
    const pins = this.#chats.get(event.chat_id)
    if (pins === undefined) return
    const next = changed(pins, event)
    if (next === null) this.load(event.chat_id)
    else if (next !== pins) this.#set(event.chat_id, next)
  }

  drop(chatId: string): void {
    this.#chats.delete(chatId)
  }

  clear(): void {
    this.#chats.clear()
  }

  async #restore(chatId: string): Promise<void> {
    const stored = await this.#port.read(chatId)
    if (stored.length > 0 && !this.#chats.has(chatId)) this.#chats.set(chatId, stored)
  }

  #set(chatId: string, pins: readonly Pin[]): void {
    this.#chats.set(chatId, pins)
    this.#port.save(chatId, pins)
  }

  async #fetch(chatId: string): Promise<void> {
    this.#loading.add(chatId)
    const outcome = await this.#port.fetch(chatId)
    this.#loading.delete(chatId)
    if (outcome.ok) this.#set(chatId, outcome.value.pins)
    if (this.#again.delete(chatId)) this.load(chatId)
  }
}

/** The pins after an event; null when only the server knows them: a pin names its message, and no more. */
function changed(pins: readonly Pin[], event: ChatEvent): readonly Pin[] | null {
  if (event.kind === 'pin.changed') return event.data.on ? null : without(pins, event.data.message_id)
  if (event.kind === 'message.deleted') return without(pins, event.data.message_id)
  if (event.kind !== 'message.edited') return pins
  const { data } = event
  if (!pins.some(({ message }) => message.message_id === data.message_id)) return pins
  return pins.map((pin) => (pin.message.message_id === data.message_id ? { ...pin, message: data } : pin))
}

function without(pins: readonly Pin[], messageId: string): readonly Pin[] {
  const left = pins.filter(({ message }) => message.message_id !== messageId)
  return left.length === pins.length ? pins : left
}
