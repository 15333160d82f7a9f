import type { DialogName, Navigation } from './navigation.svelte.ts'

const KEY = 'list-width'
const STEP = 16
/** The conversation keeps at least this much. */
const REST = 400
export const LIST_MIN = 264
const LIST_MAX = 520
/** As the styles have it. */
const THREE_COLUMNS = 1280
/** Windows that stand beside the conversation where there is room for three columns. */
const BESIDE: ReadonlySet<DialogName['name']> = new Set([
  'gallery',
  'members',
  'profile',
  'search',
  'history',
  'readers',
  'reactors',
])

/** How the page is divided: the list, the conversation, and what stands beside it. Each browser remembers its own. */
export class Columns {
  readonly #storage: Storage
  #chosen = $state<number | null>(null)
  #window = $state(innerWidth)

  constructor(storage: Storage) {
    this.#storage = storage
    const kept = Number(storage.getItem(KEY))
    if (Number.isFinite(kept) && kept >= LIST_MIN) this.#chosen = kept
    addEventListener('resize', () => (this.#window = innerWidth))
  }

  /** The widest that the list may be in this window. */
  get most(): number {
    return Math.max(LIST_MIN, Math.min(LIST_MAX, this.#window - REST))
  }

  /** Of the list, in pixels. */
  get width(): number {
    const wished = this.#chosen ?? Math.min(360, Math.max(320, Math.round(this.#window * 0.3)))
    return Math.min(this.most, Math.max(LIST_MIN, wished))
  }

  /** Null gives the width back to the window. */
  resize(width: number | null): void {
    if (width === null) {
      this.#chosen = null
      this.#storage.removeItem(KEY)
      return
    }
    this.#chosen = Math.round(Math.min(this.most, Math.max(LIST_MIN, width)))
    this.#storage.setItem(KEY, String(this.#chosen))
  }

  /** What a key does on the border; false for a key that does nothing there. */
  key(name: string): boolean {
    const wish: Record<string, number | null | undefined> = {
      ArrowLeft: this.width - STEP,
      ArrowRight: this.width + STEP,
      Home: LIST_MIN,
      End: this.most,
      Enter: null,
    }
    const width = Object.hasOwn(wish, name) ? wish[name] : undefined
    if (width === undefined) return false
    this.resize(width)
    return true
  }

  /** Whether the open window stands beside the conversation instead of over it. */
  beside({ dialog, route }: Pick<Navigation, 'dialog' | 'route'>): boolean {
    return (
      dialog !== null && route.name === 'chat' && this.#window >= THREE_COLUMNS && BESIDE.has(dialog.name)
    )
  }
}
