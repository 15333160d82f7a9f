/** A short note that goes by itself, later when it says that something failed or can be undone. */
export interface Toast {
  id: number
  text: string
  failed: boolean
  /** Takes back what the note tells of. */
  undo: (() => void) | null
}

const SHOWN_MS = 4000
const LONG_MS = 9000
const MOST = 3

export class Toasts {
  #list = $state.raw<readonly Toast[]>([])
  #next = 1

  get list(): readonly Toast[] {
    return this.#list
  }

  say(text: string, undo: (() => void) | null = null): void {
    this.#add({ text, failed: false, undo }, undo === null ? SHOWN_MS : LONG_MS)
  }

  fail(text: string): void {
    this.#add({ text, failed: true, undo: null }, LONG_MS)
  }

  close(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id)
  }

  undo(toast: Toast): void {
    this.close(toast.id)
    toast.undo?.()
  }

  #add(toast: Omit<Toast, 'id'>, shownMs: number): void {
    const id = this.#next
    this.#next += 1
    this.#list = [...this.#list.filter(({ text }) => text !== toast.text), { id, ...toast }].slice(-MOST)
    setTimeout(() => {
      this.close(id)
    }, shownMs)
  }
}
