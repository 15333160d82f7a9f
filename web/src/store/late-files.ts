/**
 * What files need, fetched when the first is seen or chosen: most people open a chat without files most of
 * the time.
 */
import type { Files, FilesPort } from './uploads/files.svelte'

export class LateFiles {
  readonly #port: FilesPort
  readonly #fetch: () => Promise<{ Files: typeof Files }>
  #opening: Promise<Files> | null = null
  /** Null until they are open. */
  here: Files | null = null

  constructor(port: FilesPort, fetch: () => Promise<{ Files: typeof Files }>) {
    this.#port = port
    this.#fetch = fetch
  }

  /** At once the second time; where it cannot be had now, the next who asks tries again. */
  open(): Promise<Files> {
    this.#opening ??= this.#make()
    return this.#opening
  }

  async #make(): Promise<Files> {
    try {
      const { Files } = await this.#fetch()
      this.here = new Files(this.#port)
      return this.here
    } catch (refusal) {
      this.#opening = null
      throw refusal
    }
  }
}
