import { describe, expect, it } from 'vitest'
import { covering, squareOf } from './crop.ts'
import { moved, WHOLE, zoomed } from './zoom.ts'

const picture = { width: 4000, height: 2000 }
const FRAME = 200
const { width, height } = covering(picture, FRAME)
const stage = { width: FRAME, height: FRAME, shownWidth: width, shownHeight: height }

describe('the square of a face', () => {
  it('is the middle, as large as fits', () => {
    expect([width, height]).toEqual([400, 200])
    expect(squareOf(WHOLE, picture, FRAME)).toEqual({ x: 1000, y: 0, side: 2000 })
  })

  it('is what one sees when it is moved and nearer', () => {
    const right = moved(WHOLE, { x: -999, y: 50 }, stage)
    expect(squareOf(right, picture, FRAME)).toEqual({ x: 2000, y: 0, side: 2000 })
    const near = zoomed(WHOLE, 2, stage)
    expect(squareOf(near, picture, FRAME)).toEqual({ x: 1500, y: 500, side: 1000 })
    const corner = moved(near, { x: 999, y: 999 }, stage)
    expect(squareOf(corner, picture, FRAME)).toEqual({ x: 0, y: 0, side: 1000 })
  })
})
