/** What floats over a list leaves the wheel to the list under it, as if it were not there. */
export function wheelThrough(node: HTMLElement): () => void {
  const pass = (event: WheelEvent) => {
    // With Ctrl it is the size of the page that is meant.
    if (event.ctrlKey || scrolls(node)) return
    const list = document
      .elementsFromPoint(event.clientX, event.clientY)
      .find((each) => !node.contains(each) && scrolls(each))
    if (list === undefined) return
    // Whoever owns the list's place has to hear that a person scrolls. It is pixels where nobody asks for the unit.
    const { deltaX, deltaY } = event
    list.dispatchEvent(new WheelEvent('wheel', { deltaX, deltaY }))
    list.scrollBy({ left: deltaX, top: deltaY, behavior: 'instant' })
  }
  node.addEventListener('wheel', pass, { passive: true })
  return () => node.removeEventListener('wheel', pass)
}

function scrolls(element: Element): boolean {
  return (
    element.scrollHeight > element.clientHeight && /auto|scroll/.test(getComputedStyle(element).overflowY)
  )
}
