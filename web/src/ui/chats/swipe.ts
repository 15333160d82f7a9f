import type { Attachment } from 'svelte/attachments'

const START_PX = 14
const FAR_PX = 88
const MOST_PX = 120

interface Swipes {
  left: () => void
  right: () => void
}

/** A finger pushes the line aside; far enough, letting go does what stands behind it. */
export function swipe({ left, right }: Swipes): Attachment<HTMLElement> {
  return (node) => {
    let start: { x: number; y: number; id: number } | null = null
    let moved = 0
    const line = () => node.querySelector<HTMLElement>('a')
    const show = (distance: number) => {
      moved = Math.max(-MOST_PX, Math.min(MOST_PX, distance))
      node.classList.toggle('swiping', moved !== 0)
      node.classList.toggle('far', Math.abs(moved) >= FAR_PX)
      line()?.style.setProperty('transform', moved === 0 ? '' : `translateX(${moved}px)`)
    }
    const end = (act: boolean) => {
      const distance = moved
      start = null
      show(0)
      if (act && Math.abs(distance) >= FAR_PX) (distance > 0 ? right : left)()
    }
    const listeners: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
      pointerdown(event) {
        if (event.pointerType === 'touch') start = { x: event.clientX, y: event.clientY, id: event.pointerId }
      },
      pointermove(event) {
        if (start?.id !== event.pointerId) return
        const [dx, dy] = [event.clientX - start.x, event.clientY - start.y]
        if (moved !== 0) show(dx)
        else if (Math.abs(dy) > START_PX) start = null
        else if (Math.abs(dx) > START_PX) show(dx)
      },
      pointerup() {
        end(true)
      },
      pointercancel() {
        end(false)
      },
    }
    const entries = Object.entries(listeners) as [string, EventListener][]
    for (const [name, listener] of entries) node.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of entries) node.removeEventListener(name, listener)
    }
  }
}
