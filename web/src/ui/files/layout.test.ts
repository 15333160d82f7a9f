import { describe, expect, it } from 'vitest'
import { layoutOf } from './layout.ts'

const wide = { width: 4000, height: 3000 }
const tall = { width: 1080, height: 1920 }

describe('the room that pictures take', () => {
  it('is the picture’s own form where it is alone', () => {
    expect(layoutOf([wide])).toMatchObject({ width: 420, ratio: 4 / 3 })
    const { width, ratio } = layoutOf([{ width: 900, height: 1000 }])
    expect([width, ratio]).toEqual([342, 0.9])
  })

  it('is never a stripe, and never larger than the picture', () => {
    expect(layoutOf([{ width: 4000, height: 10 }]).ratio).toBe(2.4)
    expect(layoutOf([{ width: 10, height: 4000 }]).ratio).toBe(0.6)
    expect(layoutOf([{ width: 200, height: 150 }]).width).toBe(200)
    expect(layoutOf([{ width: 1, height: 1 }]).width).toBe(120)
  })

  it('is known for pictures of which nothing is known', () => {
    expect(layoutOf([{}]).ratio).toBe(4 / 3)
    expect(layoutOf([{ width: null, height: 0 }]).ratio).toBe(4 / 3)
  })

  it('leaves no part of a line empty, however narrow its pictures are', () => {
    expect(layoutOf([{ width: 600, height: 900 }]).rows).toEqual([{ share: 1, cells: [1] }])
    expect(layoutOf([tall, tall, tall]).rows.map(({ cells }) => cells)).toEqual([[1], [0.5, 0.5]])
  })

  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 14])('has a place for each of %i', (count) => {
    const pictures = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? wide : tall))
    const { rows, ratio } = layoutOf(pictures)
    expect(rows.flatMap(({ cells }) => cells)).toHaveLength(count)
    expect(rows.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1)
    for (const { cells } of rows) expect(cells.reduce((total, cell) => total + cell, 0)).toBeCloseTo(1)
    // Each is drawn in its own form, within what an album allows.
    const forms = rows.flatMap(({ share, cells }) => cells.map((cell) => (cell / share) * ratio))
    for (const [index, form] of forms.entries()) expect(form).toBeCloseTo(index % 2 === 0 ? 4 / 3 : 0.7)
  })
})
