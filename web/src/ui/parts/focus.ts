/**
 * The focus is never lost: what is taken away while it has the focus hands it to what stands nearest.
 *
 * A browser gives it to the whole page, and whoever goes by keys begins anew at its top.
 */

/** Where an element stands: itself, its place among its neighbours, and the same of all around it. */
export type Trail = readonly { readonly element: Element; readonly place: number }[]

const FOCUSABLE = 'a[href], button, input, select, summary, [tabindex]'
/** A field of letters would bring up the keyboard of a phone. */
const LETTERS = 'input:not([type=checkbox], [type=radio], [type=range], [type=button])'

export function trailOf(element: Element): Trail {
  const trail: { element: Element; place: number }[] = []
  for (let at: Element | null = element; at !== null; at = at.parentElement)
    trail.push({ element: at, place: Array.prototype.indexOf.call(at.parentElement?.children ?? [], at) })
  return trail
}

/** Focuses what the trail is of; where that is gone, what stands nearest to where it was. */
export function follow(trail: Trail): void {
  for (const [index, { element }] of trail.entries()) {
    if (!element.isConnected) continue
    const before = trail[index - 1]
    const found = before === undefined ? focused(element) : around(element, before.place).some(inside)
    if (found) return
  }
}

const kept = new WeakSet<Document>()

/** From now on, for as long as the page is there. */
export function keepFocus(page: Document): void {
  if (kept.has(page)) return
  kept.add(page)
  new Keeper(page)
}

class Keeper {
  readonly #page: Document
  #trail: Trail = []
  /** What has the focus was switched off, perhaps for a moment. */
  #off = false

  constructor(page: Document) {
    this.#page = page
    this.#hold(page.activeElement)
    page.addEventListener('focusin', ({ target }) => this.#hold(target))
    const gone = ({ target, relatedTarget }: FocusEvent) => {
      // On its way to another, which has it a moment later: until then it is nobody's to give.
      if (relatedTarget !== null) this.#trail = []
      // Whoever pressed somewhere else gave it up; what is being taken away is gone a moment later.
      else queueMicrotask(() => this.#leave(target))
    }
    // Before anybody else hears of it, and takes something away.
    page.addEventListener('focusout', gone, { capture: true })
    new MutationObserver(() => this.#look()).observe(page, {
      childList: true,
      subtree: true,
      attributeFilter: ['disabled'],
    })
  }

  #hold(target: EventTarget | null): void {
    this.#trail = target instanceof Element && target !== this.#page.body ? trailOf(target) : []
    this.#off = false
  }

  #leave(target: EventTarget | null): void {
    if (this.#trail[0]?.element === target && usable(target)) this.#trail = []
  }

  #look(): void {
    const last = this.#trail[0]?.element
    if (last === undefined) return
    const off = last.isConnected && last.matches(':disabled')
    const back = !last.isConnected || (this.#off && !off)
    this.#off = off
    if (back && (this.#page.activeElement ?? this.#page.body) === this.#page.body) {
      const trail = this.#trail
      this.#trail = []
      follow(trail)
    }
  }
}

function usable(target: EventTarget | null): boolean {
  return target instanceof Element && target.isConnected && !target.matches(':disabled')
}

/** The children from that place on, then those before it, the nearest first. */
function around(element: Element, place: number): Element[] {
  const all = [...element.children]
  return [...all.slice(Math.max(0, place)), ...all.slice(0, Math.max(0, place)).reverse()]
}

/** What Tab reaches comes before what only a program can focus. */
function inside(element: Element): boolean {
  const all = [element, ...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (each): each is HTMLElement =>
      each instanceof HTMLElement && each.matches(FOCUSABLE) && !each.matches(LETTERS),
  )
  return all.some((each) => each.tabIndex >= 0 && focused(each)) || all.some(focused)
}

/** False for what is hidden, switched off, or behind a window. */
function focused(element: Element): boolean {
  if (!(element instanceof HTMLElement)) return false
  element.focus({ preventScroll: true })
  return document.activeElement === element
}
