import type { Attachment } from 'svelte/attachments'

const HOLD_MS = 450
const SLACK_PX = 10

/** A finger held still, or the context menu asked for by a key or a mouse, calls `onhold` with the element. */
export function longPress(onhold: (anchor: HTMLElement) => void): Attachment<HTMLElement> {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let start = { x: 0, y: 0 }
    const stop = () => {
      clearTimeout(timer)
    }
    const listeners: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
      pointerdown(event) {
        if (event.pointerType !== 'touch') return
        start = { x: event.clientX, y: event.clientY }
        timer = setTimeout(() => {
          onhold(node)
        }, HOLD_MS)
      },
      pointermove(event) {
        if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK_PX) stop()
      },
      pointerup: stop,
      pointercancel: stop,
      contextmenu(event) {
        // Selected text and links keep the browser's own menu.
        const link = event.target instanceof Element && event.target.closest('a') !== null
        if (link || !(getSelection()?.isCollapsed ?? true)) return
        stop()
        event.preventDefault()
        onhold(node)
      },
    }
    const entries = Object.entries(listeners) as [string, EventListener][]
    for (const [name, listener] of entries) node.addEventListener(name, listener)
    return () => {
      stop()
      for (const [name, listener] of entries) node.removeEventListener(name, listener)
    }
  }
}
