/** Pictures that were fetched: shown at once when their row comes back, and without a network. */
import { contentOf, variantOf } from '../../protocol/files.ts'
import type { SentFile } from '../../protocol/wire.ts'

/** Small ones; more than a person scrolls through in a while. */
const MOST = 240
const SHELF = 'pictures'
/** On the device, for conversations that are read without a network. */
const SHELF_MOST = 300

/** Null: there is nothing to show, as of a film whose first picture nobody could make. */
export function pictureOf(file: SentFile, large: boolean): string | null {
  const has = (name: 'thumb' | 'preview') => file.variants.some((variant) => variant.name === name)
  // A moving picture moves only as it was sent.
  if (file.kind === 'image' && file.type === 'image/gif' && file.size < 3_000_000)
    return contentOf(file.file_id)
  if (large && has('preview')) return variantOf(file.file_id, 'preview')
  if (large && file.kind === 'image') return contentOf(file.file_id)
  if (has('thumb')) return variantOf(file.file_id, 'thumb')
  return file.kind === 'image' ? contentOf(file.file_id) : null
}

export type Loaded = { url: string } | { failed: 'gone' | 'offline' }

class Pictures {
  readonly #urls = new Map<string, string>()
  readonly #loading = new Map<string, Promise<Loaded>>()

  /** At once, when it was fetched before. */
  peek(address: string): string | undefined {
    const url = this.#urls.get(address)
    if (url === undefined) return undefined
    this.#urls.delete(address)
    this.#urls.set(address, url)
    return url
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
    return this.peek(key) ?? this.#add(key, blob)
  }

  async #fetch(address: string, keep: boolean): Promise<Loaded> {
    try {
      const answer = await fetch(address, { credentials: 'same-origin' })
      if (!answer.ok) return { failed: answer.status === 404 ? 'gone' : 'offline' }
      const blob = await answer.blob()
      if (keep) void store(address, blob)
      return { url: this.#add(address, blob) }
    } catch {
      const blob = await stored(address)
      return blob === null ? { failed: 'offline' } : { url: this.#add(address, blob) }
    } finally {
      this.#loading.delete(address)
    }
  }

  #add(key: string, blob: Blob): string {
    const url = URL.createObjectURL(blob)
    this.#urls.set(key, url)
    const [oldest] = this.#urls
    if (this.#urls.size > MOST && oldest !== undefined) {
      URL.revokeObjectURL(oldest[1])
      this.#urls.delete(oldest[0])
    }
    return url
  }
}

export const pictures = new Pictures()

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
