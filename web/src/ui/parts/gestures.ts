/** What answers to a pointer that rests, is held or pushes: fetched when the first element that wants it is painted. */
import type { Attachment } from 'svelte/attachments'
import { afterPaint } from '../idle.ts'

type Gestures = typeof import('./gesture-parts.ts')

let fetched: Promise<Gestures> | null = null

function fetchGestures(): Promise<Gestures> {
  fetched ??= new Promise<void>(afterPaint)
    .then(() => import('./gesture-parts.ts'))
    .catch((refusal: unknown) => {
      // Not to be had now; the next element that wants it tries again.
      fetched = null
      throw refusal
    })
  return fetched
}

function late(attach: (gestures: Gestures) => Attachment<HTMLElement>): Attachment<HTMLElement> {
  return (node) => {
    let undo: ReturnType<Attachment<HTMLElement>>
    let gone = false
    fetchGestures().then(
      (gestures) => {
        if (!gone) undo = attach(gestures)(node)
      },
      () => undefined,
    )
    return () => {
      gone = true
      undo?.()
    }
  }
}

export const tooltip = (...wanted: Parameters<Gestures['tooltip']>) => late((each) => each.tooltip(...wanted))

export const longPress = (...wanted: Parameters<Gestures['longPress']>) =>
  late((each) => each.longPress(...wanted))

export const swipe = (...wanted: Parameters<Gestures['swipe']>) => late((each) => each.swipe(...wanted))

export const wheelThrough = late((each) => each.wheelThrough)
