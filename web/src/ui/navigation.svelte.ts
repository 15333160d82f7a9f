import type { Complaint } from './dialogs/reporting.ts'
import { parseRoute, type Route } from './route.ts'

/** A window over the page. It is an entry of the history, so that Back closes it on a phone. */
export type DialogName =
  | { name: 'create' }
  | { name: 'settings'; page?: string }
  | { name: 'switcher'; share?: boolean }
  | { name: 'search'; q?: string }
  | { name: 'shortcuts' }
  | { name: 'folders'; chatId: string }
  | { name: 'members'; chatId: string }
  | { name: 'addPeople'; chatId: string }
  | { name: 'chatSettings'; chatId: string }
  | { name: 'invite'; chatId: string | null }
  | { name: 'gallery'; chatId: string }
  | { name: 'profile'; userId: string }
  | { name: 'history'; chatId: string; messageId: string }
  | { name: 'report'; complaint: Complaint }
  | { name: 'readers'; chatId: string; n: number }
  | { name: 'reactors'; chatId: string; messageId: string }
  | { name: 'schedule'; chatId: string }
  | { name: 'scheduled'; chatId: string | null }
  | { name: 'forward'; chatId: string; messageIds: readonly string[] }

interface Entry {
  /** How many entries of ours lie before this one: 0 means Back would leave the application. */
  depth: number
  dialog: DialogName | null
  /** The address has changed since the window was opened, so Back is not where one comes from. */
  moved?: boolean
  /** The first page once more: a step that Back may take without leaving the application. */
  again?: boolean
}

/** A step back that was asked for and does not come is given up. */
const RETURN_MS = 2_000

/** The address and the open window, both kept by the browser's history. */
export class Navigation {
  #route = $state.raw<Route>({ name: 'home' })
  #entry = $state.raw<Entry>({ depth: 0, dialog: null })
  /** Rises with every visit of an address, also of the same one: a permalink clicked twice jumps twice. */
  #visit = $state(0)
  #path = ''
  #here = ''
  /** How to take away each thing that lies over the page, the topmost last, and whether it came over a window. */
  #covers: readonly { close: () => void; high: boolean }[] = []
  readonly #painted: (work: () => void) => void
  /** The step that the browser's history has not been told yet. */
  #untold: { entry: Entry; path: string } | null = null
  /** The browser has been asked to go back and has not done so yet: where one is now is left already. */
  #returning: ReturnType<typeof setTimeout> | null = null
  /** What was asked for meanwhile. */
  #next: (() => void) | null = null

  /** `painted` does its work after the next paint; at once where nothing is given. */
  constructor(painted: (work: () => void) => void = (work) => work()) {
    this.#painted = painted
  }

  get route(): Route {
    return this.#route
  }

  get dialog(): DialogName | null {
    return this.#entry.dialog
  }

  get visit(): number {
    return this.#visit
  }

  /** Listens to the browser until the returned function is called. */
  start(): () => void {
    this.#read()
    const onPop = () => {
      this.#untold = null
      if (!this.#uncover()) {
        const from = this.#path
        this.#read()
        if (this.#path !== from) this.#visit += 1
      }
      this.#returned()
    }
    const tell = () => this.#tell()
    window.addEventListener('popstate', onPop)
    window.addEventListener('pagehide', tell)
    return () => {
      window.removeEventListener('popstate', onPop)
      window.removeEventListener('pagehide', tell)
    }
  }

  /** Shown at once; the browser, to which a step costs as much as the page's own work, hears of it after the paint. */
  go(path: string): void {
    if (this.#later(() => this.go(path))) return
    this.#tell()
    const entry = { depth: this.#entry.depth + 1, dialog: null }
    this.#untold = { entry, path }
    const [pathname = '', secret] = path.split('#')
    this.#take({ pathname, hash: secret === undefined ? '' : `#${secret}` }, entry)
    this.#visit += 1
    this.#painted(() => this.#tell())
  }

  /** Goes there without leaving a step behind; `keep`: what stands open stays. */
  replace(path: string, keep = false): void {
    if (this.#later(() => this.replace(path, keep))) return
    const { depth, dialog } = this.#entry
    this.#show(keep ? { depth, dialog, moved: true } : { depth, dialog: null }, path)
    this.#visit += 1
  }

  /** Where Back would lead inside the application, else `fallback`. Asked twice for one step it is one. */
  back(fallback: string): void {
    if (this.#returning !== null) return
    this.#tell()
    if (this.#entry.depth === 0) {
      this.replace(fallback)
      return
    }
    this.#returning = setTimeout(() => this.#returned(), RETURN_MS)
    history.back()
  }

  open(dialog: DialogName): void {
    if (this.#later(() => this.open(dialog))) return
    const entry = { depth: this.#entry.depth + 1, dialog }
    // One window at a time: Back returns to the page, not through every window seen.
    if (this.#entry.dialog === null) this.#push(entry, this.#here)
    else this.#show({ ...this.#entry, dialog }, this.#here)
  }

  closeDialog(): void {
    const { depth, dialog, moved } = this.#entry
    if (dialog === null || this.#returning !== null) return
    if (moved === true) this.#show({ depth, dialog: null }, this.#path)
    else this.back(this.#path)
  }

  /**
   * Something without an address lies over the page, a menu or a question, or the page is in a mode, until the
   * returned function is called: Back calls `close` and leads nowhere, unless a window was opened over it since.
   */
  cover(close: () => void): () => void {
    const entry = this.#entry
    if (entry.depth === 0 && entry.again !== true) this.#push({ ...entry, again: true }, this.#here)
    const cover = { close, high: entry.dialog !== null }
    this.#covers = [...this.#covers, cover]
    return () => {
      this.#covers = this.#covers.filter((each) => each !== cover)
    }
  }

  /** Whether this step back was for what lies over the page; the page then stands where it stood. */
  #uncover(): boolean {
    const cover = this.#covers.findLast(({ high }) => high || this.dialog === null)
    const forward = readEntry(history.state).depth > this.#entry.depth
    // A step that the page itself asked for leaves what it says it leaves.
    if (cover === undefined || forward || this.#returning !== null) return false
    history.pushState(this.#entry, '', this.#here)
    cover.close()
    return true
  }

  /** Whether it has to wait for the step back, which would take it away again. */
  #later(step: () => void): boolean {
    if (this.#returning === null) return false
    this.#next = step
    return true
  }

  #returned(): void {
    if (this.#returning === null) return
    clearTimeout(this.#returning)
    this.#returning = null
    const next = this.#next
    this.#next = null
    next?.()
  }

  #push(entry: Entry, path: string): void {
    this.#tell()
    history.pushState(entry, '', path)
    this.#read()
  }

  #show(entry: Entry, path: string): void {
    this.#tell()
    history.replaceState(entry, '', path)
    this.#read()
  }

  #tell(): void {
    if (this.#untold === null) return
    const { entry, path } = this.#untold
    this.#untold = null
    history.pushState(entry, '', path)
  }

  #read(): void {
    this.#take(location, readEntry(history.state))
  }

  #take({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>, entry: Entry): void {
    this.#route = parseRoute(pathname, hash)
    this.#entry = entry
    this.#path = pathname
    this.#here = pathname + hash
  }
}

function readEntry(state: unknown): Entry {
  if (typeof state !== 'object' || state === null || !('depth' in state)) return { depth: 0, dialog: null }
  return state as Entry
}
