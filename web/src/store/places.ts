/** Where the person stopped reading in each chat; a chat left at its end has no place. */
import type { Place } from './contract'
import type { StoredPlace } from './db'

export interface PlacesPort {
  save(place: StoredPlace): void
  erase(chatId: string): void
}

export class Places {
  readonly #port: PlacesPort
  readonly #places = new Map<string, Place>()

  constructor(port: PlacesPort) {
    this.#port = port
  }

  of(chatId: string): Place | null {
    return this.#places.get(chatId) ?? null
  }

  set(chatId: string, place: Place | null): void {
    const old = this.of(chatId)
    if (place === null) {
      if (old !== null) this.#port.erase(chatId)
      this.#places.delete(chatId)
      return
    }
    if (old?.seq === place.seq && old.offset === place.offset) return
    this.#places.set(chatId, place)
    this.#port.save({ chat_id: chatId, ...place })
  }

  restore(places: readonly StoredPlace[]): void {
    for (const { chat_id, seq, offset } of places) this.#places.set(chat_id, { seq, offset })
  }

  drop(chatId: string): void {
    this.#places.delete(chatId)
  }

  clear(): void {
    this.#places.clear()
  }
}
