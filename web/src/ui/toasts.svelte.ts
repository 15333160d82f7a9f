/** A short note that goes by itself, a little later when it says that something failed. */
export interface Toast {
  id: number
  text: string
  failed: boolean
}

const SHOWN_MS = 4000
const FAILED_SHOWN_MS = 9000
const MOST = 3

export class Toasts {
  #list = $state.raw<readonly Toast[]>([])
  #next = 1

  get list(): readonly Toast[] {
    return this.#list
  }

  say(text: string): void {
    this.#add(text, false, SHOWN_MS)
  }

  fail(text: string): void {
    this.#add(text, true, FAILED_SHOWN_MS)
  }

  close(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id)
  }

  #add(text: string, failed: boolean, shownMs: number): void {
    const id = this.#next
    this.#next += 1
    this.#list = [...this.#list.filter((toast) => toast.text !== text), { id, text, failed }].slice(-MOST)
    setTimeout(() => {
      this.close(id)
    }, shownMs)
  }
}
