/** Pictures that were fetched: shown at once when their row comes back, and without a network. */

/** Small ones; more than a person scrolls through in a while. */
const MOST = 240
const SOUNDS_MOST = 30
const SHELF = 'pictures'
/** On the device, for conversations that are read without a network. */
const SHELF_MOST = 300

export type Loaded = { url: string } | { failed: 'gone' | 'offline' }

/** Addresses of bytes that are here, the last ones used; those of the others are let go. */
class Urls {
  readonly #urls = new Map<string, string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  peek(key: string): string | undefined {
    const url = this.#urls.get(key)
    if (url === undefined) return undefined
    this.#urls.delete(key)
    this.#urls.set(key, url)
    return url
  }

  use(key: string, blob: Blob): string {
    const known = this.peek(key)
    if (known !== undefined) return known
    const url = URL.createObjectURL(blob)
    this.#urls.set(key, url)
    const [oldest] = this.#urls
    if (this.#urls.size > this.#most && oldest !== undefined) {
      URL.revokeObjectURL(oldest[1])
      this.#urls.delete(oldest[0])
    }
    return url
  }

  clear(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url)
    this.#urls.clear()
  }
}

class Pictures {
  readonly #urls = new Urls(MOST)
  readonly #loading = new Map<string, Promise<Loaded>>()
  /** Rises when somebody leaves: what is still coming was theirs. */
  #visit = 0

  /** At once, when it was fetched before. */
  peek(address: string): string | undefined {
    return this.#urls.peek(address)
  }

  /** `keep`: also for later, on this device. */
  load(address: string, keep: boolean): Promise<Loaded> {
    const url = this.peek(address)
    if (url !== undefined) return Promise.resolve({ url })
    const under = this.#loading.get(address) ?? this.#fetch(address, keep)
    this.#loading.set(address, under)
    return under
  }

  /** Of a file that was sent from here. */
  use(key: string, blob: Blob): string {
    return this.#urls.use(key, blob)
  }

  clear(): void {
    this.#visit += 1
    this.#urls.clear()
    this.#loading.clear()
  }

  async #fetch(address: string, keep: boolean): Promise<Loaded> {
    const visit = this.#visit
    const loaded = await this.#read(address)
    if (visit !== this.#visit) return { failed: 'gone' }
    this.#loading.delete(address)
    if ('failed' in loaded) return loaded
    if (keep && loaded.fresh) void store(address, loaded.blob)
    return { url: this.use(address, loaded.blob) }
  }

  async #read(address: string): Promise<{ blob: Blob; fresh: boolean } | { failed: 'gone' | 'offline' }> {
    try {
      const answer = await fetch(address, { credentials: 'same-origin' })
      if (!answer.ok) return { failed: answer.status === 404 ? 'gone' : 'offline' }
      return { blob: await answer.blob(), fresh: true }
    } catch {
      const blob = await stored(address)
      return blob === null ? { failed: 'offline' } : { blob, fresh: false }
    }
  }
}

export const pictures = new Pictures()
/** What is heard is not taken away by what is seen. */
export const sounds = new Urls(SOUNDS_MOST)

/** Missing on a page over plain HTTP. */
function shelf(): Promise<Cache> | null {
  return 'caches' in globalThis ? caches.open(SHELF) : null
}

async function store(address: string, blob: Blob): Promise<void> {
  try {
    const cache = await shelf()
    if (cache === null) return
    await cache.put(address, new Response(blob))
    const kept = await cache.keys()
    for (const old of kept.slice(0, Math.max(0, kept.length - SHELF_MOST))) await cache.delete(old)
  } catch {
    // A full disk costs what is seen without a network.
  }
}

async function stored(address: string): Promise<Blob | null> {
  try {
    const found = await (await shelf())?.match(address)
    return found === undefined ? null : await found.blob()
  } catch {
    return null
  }
}
