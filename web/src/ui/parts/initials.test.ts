import { describe, expect, it } from 'vitest'
import { initials, shade } from './initials.ts'

describe('initials', () => {
  it.each([
    ['María Paz Rodríguez', true, 'MR'],
    ['ana', true, 'A'],
    ['juan.perez', true, 'JP'],
    ['Sistemas Distribuidos, grupo 2', false, 'SD'],
    ['  ', true, '·'],
    ['🎓 Ñuflo', true, 'Ñ'],
  ])('of %j (person: %s)', (name, person, letters) => {
    expect(initials(name, person)).toBe(letters)
  })
})

describe('shade', () => {
  it('is the same for the same id, and within the count', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`)
    const shades = ids.map((id) => shade(id, 6))
    expect(shades).toEqual(ids.map((id) => shade(id, 6)))
    expect(new Set(shades).size).toBe(6)
    expect(Math.max(...shades)).toBe(5)
  })
})
