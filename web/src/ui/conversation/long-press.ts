import type { Attachment } from 'svelte/attachments'

const HOLD_MS = 450
const SLACK_PX = 10

interface Options {
  /** Links in the element open the menu too, instead of the browser's own: the element is one. */
  links?: boolean
  /** The element is a list of these, and `onhold` is called with the one that is held. */
  within?: string
}

/** A finger held still, or the context menu asked for by a key or a mouse, calls `onhold` with the element. */
export function longPress(
  onhold: (anchor: HTMLElement) => void,
  { links = false, within }: Options = {},
): Attachment<HTMLElement> {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let held = false
    let start = { x: 0, y: 0 }
    const stop = () => {
      clearTimeout(timer)
    }
    const anchorOf = ({ target }: Event): HTMLElement | null => {
      if (within === undefined) return node
      return target instanceof Element ? target.closest<HTMLElement>(within) : null
    }
    const listeners: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
      pointerdown(event) {
        stop()
        held = false
        const anchor = anchorOf(event)
        if (event.pointerType !== 'touch' || anchor === null) return
        start = { x: event.clientX, y: event.clientY }
        timer = setTimeout(() => {
          held = true
          onhold(anchor)
        }, HOLD_MS)
      },
      pointermove(event) {
        if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK_PX) stop()
      },
      pointerup: stop,
      pointercancel: stop,
      // The mouse events that a browser makes up after a touch would press whatever the menu put there.
      touchend(event) {
        if (held && event.cancelable) event.preventDefault()
      },
      contextmenu(event) {
        if (held) event.preventDefault()
        // Selected text and links keep the browser's own menu.
        const link = !links && event.target instanceof Element && event.target.closest('a') !== null
        const anchor = anchorOf(event)
        if (held || link || anchor === null || !(getSelection()?.isCollapsed ?? true)) return
        stop()
        event.preventDefault()
        onhold(anchor)
      },
      click(event) {
        // The finger that opened the menu does not also follow the link.
        if (!held) return
        held = false
        event.preventDefault()
        event.stopPropagation()
      },
    }
    const entries = Object.entries(listeners) as [string, EventListener][]
    for (const [name, listener] of entries) {
      node.addEventListener(name, listener, { passive: false, capture: name === 'click' })
    }
    return () => {
      stop()
      for (const [name, listener] of entries) {
        node.removeEventListener(name, listener, { capture: name === 'click' })
      }
    }
  }
}
