import { describe, expect, it } from 'vitest'
import { headOf } from './folding.ts'

describe('what is drawn of a long message', () => {
  it('is all of a usual one', () => {
    expect(headOf('hola\n\nmundo')).toBe('hola\n\nmundo')
    expect(headOf('')).toBe('')
    expect(headOf('x\n'.repeat(27))).toBe('x\n'.repeat(27))
  })

  it('ends after so many characters or lines', () => {
    expect(headOf('a'.repeat(16_384))).toHaveLength(2_400)
    expect(headOf('x\n'.repeat(8_000)).split('\n')).toHaveLength(28)
  })

  it('never ends inside a character', () => {
    expect(headOf(`a${'😀'.repeat(4_000)}`)).toHaveLength(2_399)
  })
})
