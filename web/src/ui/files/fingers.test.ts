import { expect, it } from 'vitest'
import { Fingers } from './fingers.ts'

const at = (pointerId: number, clientX: number, clientY: number) => ({ pointerId, clientX, clientY })

it('moves with one finger and comes nearer with two', () => {
  const fingers = new Fingers()
  expect(fingers.move(at(1, 5, 5))).toBeNull()
  fingers.down(at(1, 0, 0))
  expect(fingers.move(at(1, 3, 4))).toEqual({ moved: { x: 3, y: 4 } })
  fingers.down(at(2, 13, 4))
  expect(fingers.move(at(2, 23, 4))).toEqual({ factor: 2, middle: { x: 13, y: 4 } })
  expect(fingers.up(at(2, 0, 0))).toBe(true)
  expect(fingers.up(at(2, 0, 0))).toBe(false)
  expect(fingers.move(at(1, 4, 4))).toEqual({ moved: { x: 1, y: 0 } })
})
