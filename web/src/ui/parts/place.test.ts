import { describe, expect, it } from 'vitest'
import { place } from './place.ts'

const VIEW = { width: 400, height: 800 }
const MENU = { width: 200, height: 300 }
const box = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 })

describe('place', () => {
  it('stands under its anchor', () => {
    expect(place(box(300, 100), MENU, VIEW, 'end')).toEqual({ left: 140, top: 144 })
    expect(place(box(20, 100), MENU, VIEW, 'start')).toEqual({ left: 20, top: 144 })
  })

  it('stands over it where there is no room below', () => {
    expect(place(box(300, 700), MENU, VIEW, 'end').top).toBe(396)
  })

  it('never leaves the window', () => {
    expect(place(box(0, 100), MENU, VIEW, 'end').left).toBe(8)
    expect(place(box(390, 100), MENU, VIEW, 'start').left).toBe(192)
    expect(place(box(0, 0), { width: 500, height: 900 }, VIEW, 'start')).toEqual({ left: 8, top: 8 })
  })
})
