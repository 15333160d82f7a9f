import type { Attachment } from 'svelte/attachments'
import { drawTip } from './tip.ts'

const WAIT_MS = 400

/** Says what a button without words does, when the pointer rests on it or the keyboard reaches it. Esc hides it. */
export function tooltip(text: string): Attachment<HTMLElement> {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let tip: HTMLElement | null = null
    const hide = () => {
      clearTimeout(timer)
      tip?.remove()
      tip = null
    }
    const show = () => {
      hide()
      tip = drawTip(node, text)
    }
    const showLater = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return
      clearTimeout(timer)
      timer = setTimeout(show, WAIT_MS)
    }
    const onFocus = () => {
      // A finger has no use for it: it covers what is under the button and nothing takes it away.
      if (node.matches(':focus-visible') && matchMedia('(hover: hover)').matches) show()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide()
    }
    node.addEventListener('pointerenter', showLater)
    node.addEventListener('pointerleave', hide)
    node.addEventListener('pointerdown', hide)
    node.addEventListener('focus', onFocus)
    node.addEventListener('blur', hide)
    node.addEventListener('keydown', onKey)
    return () => {
      hide()
      node.removeEventListener('pointerenter', showLater)
      node.removeEventListener('pointerleave', hide)
      node.removeEventListener('pointerdown', hide)
      node.removeEventListener('focus', onFocus)
      node.removeEventListener('blur', hide)
      node.removeEventListener('keydown', onKey)
    }
  }
}
