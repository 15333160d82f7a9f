import { expect, it } from 'vitest'
import { fold } from './fold.ts'

it.each([
  ['Reunión', 'reunion'],
  ['PEÑA', 'pena'],
  ['Güiza', 'guiza'],
  ['', ''],
])('folds %j to %j', (text, folded) => {
  expect(fold(text)).toBe(folded)
})
