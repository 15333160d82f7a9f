import { place } from './place.ts'

/** Inside an open window it belongs to that window: everything else lies under it. */
export function drawTip(node: HTMLElement, text: string): HTMLElement {
  const tip = document.createElement('div')
  tip.className = 'tooltip'
  // The button already has this text as its name: said twice it would only be noise.
  tip.ariaHidden = 'true'
  tip.textContent = text
  ;(node.closest('dialog') ?? document.body).append(tip)
  const view = { width: window.innerWidth, height: window.innerHeight }
  const at = place(
    node.getBoundingClientRect(),
    { width: tip.offsetWidth, height: tip.offsetHeight },
    view,
    'end',
  )
  tip.style.left = `${at.left}px`
  tip.style.top = `${at.top}px`
  return tip
}
