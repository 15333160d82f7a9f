import { describe, expect, it } from 'vitest'
import { fitted, moved, WHOLE, zoomed, type Stage } from './zoom.ts'

const stage: Stage = { width: 1000, height: 800, shownWidth: 1000, shownHeight: 500 }

describe('looking at a picture', () => {
  it('keeps the point under the fingers where it is', () => {
    const near = zoomed(WHOLE, 4, stage, { x: 100, y: 50 })
    // That point of the picture was 100 from its middle; it is 400 from it now, and still at 100 on screen.
    expect(near).toEqual({ scale: 4, x: -300, y: -150 })
  })

  it('goes no farther than whole and no nearer than eight times', () => {
    expect(zoomed(WHOLE, 0.1, stage)).toEqual(WHOLE)
    expect(zoomed(WHOLE, 100, stage).scale).toBe(8)
  })

  it('lets no edge into the screen', () => {
    const near = zoomed(WHOLE, 2, stage)
    expect(moved(near, { x: 9999, y: 9999 }, stage)).toEqual({ scale: 2, x: 500, y: 100 })
    expect(moved(WHOLE, { x: 50, y: 50 }, stage)).toEqual(WHOLE)
    expect(zoomed(moved(near, { x: 500, y: 0 }, stage), 0.5, stage)).toEqual(WHOLE)
  })

  it('shows a picture whole, and a small one in its own size', () => {
    expect(fitted({ width: 4000, height: 2000 }, { width: 1000, height: 800 })).toEqual({
      width: 1000,
      height: 500,
    })
    expect(fitted({ width: 200, height: 100 }, { width: 1000, height: 800 })).toEqual({
      width: 200,
      height: 100,
    })
  })
})
