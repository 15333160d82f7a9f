/** Fingers, or the mouse, on a picture: one moves it, two bring it nearer. */

interface Point {
  x: number
  y: number
}

interface Contact {
  pointerId: number
  clientX: number
  clientY: number
}

export type Gesture = { moved: Point } | { factor: number; middle: Point }

export class Fingers {
  readonly #held = new Map<number, Point>()

  down(contact: Contact): void {
    this.#held.set(contact.pointerId, pointOf(contact))
  }

  /** False for one that was not down. */
  up({ pointerId }: Pick<Contact, 'pointerId'>): boolean {
    return this.#held.delete(pointerId)
  }

  /** What it means; null for one that is not down. */
  move(contact: Contact): Gesture | null {
    const before = this.#held.get(contact.pointerId)
    if (before === undefined) return null
    const now = pointOf(contact)
    this.#held.set(contact.pointerId, now)
    const other = [...this.#held].find(([id]) => id !== contact.pointerId)?.[1]
    if (other === undefined) return { moved: { x: now.x - before.x, y: now.y - before.y } }
    const factor = distance(now, other) / Math.max(1, distance(before, other))
    return { factor, middle: { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 } }
  }
}

function pointOf({ clientX: x, clientY: y }: Contact): Point {
  return { x, y }
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}
