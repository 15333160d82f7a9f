/** Keeps the server's idea of what this device shows equal to what it shows. */
import type { Line } from './line'
import type { View, ViewState } from '../protocol/wire'
import { viewOf, type Shown } from './view'

/** The list settles for a moment before the server is told. */
const DELAY_MS = 100

export interface ViewPort {
  current(): Shown
  shown(state: ViewState): void
  /** A chat in it can be seen no more: the list is out of date. */
  refused(): void
}

export class ViewSender {
  readonly #connection: Pick<Line, 'request' | 'live'>
  readonly #port: ViewPort
  #told = ''
  #busy = false
  #planned = false

  constructor(connection: Pick<Line, 'request' | 'live'>, port: ViewPort) {
    this.#connection = connection
    this.#port = port
  }

  /** The view that goes into `hello`; later changes are told against it. */
  begin(): View {
    const view = viewOf(this.#port.current())
    this.#told = JSON.stringify(view)
    return view
  }

  changed(): void {
    if (this.#planned) return
    this.#planned = true
    setTimeout(() => {
      this.#planned = false
      void this.#tell()
    }, DELAY_MS)
  }

  async #tell(): Promise<void> {
    if (!this.#connection.live || this.#busy) return
    const view = viewOf(this.#port.current())
    const text = JSON.stringify(view)
    if (text === this.#told) return
    this.#told = text
    this.#busy = true
    const outcome = await this.#connection.request<'view.set'>({ type: 'view.set', ...view })
    this.#busy = false
    if (outcome.ok) this.#port.shown(outcome.value)
    else this.#again(outcome.problem.code === 'not_found')
    this.changed()
  }

  #again(outdated: boolean): void {
    this.#told = ''
    if (outdated) this.#port.refused()
  }
}
