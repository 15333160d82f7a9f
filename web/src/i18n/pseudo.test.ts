import { expect, it } from 'vitest'
import { es } from './es.ts'
import { pseudo, strange } from './pseudo.ts'

/** Every sentence of a dictionary; functions are asked with plain words. */
function sentences(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'function') return sentences((value as (...args: unknown[]) => unknown)('Ana', 2, 'x'))
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : []
}

it('twists every sentence, and makes them 40 % longer in all', () => {
  const plain = sentences(es)
  const twisted = sentences(pseudo(es))
  expect(twisted).toHaveLength(plain.length)
  expect(twisted.filter((text) => text !== '' && !/^⟦.*⟧$/su.test(text))).toEqual([])
  const length = (texts: readonly string[]) => texts.join('').length
  expect(length(twisted) / length(plain)).toBeGreaterThan(1.4)
})

it('leaves nothing of nothing', () => {
  expect(strange('')).toBe('')
  expect(strange('Fijar')).toBe('⟦Fíijáar⟧')
})
