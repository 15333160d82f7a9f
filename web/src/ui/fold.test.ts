import { expect, it } from 'vitest'
import { fold } from './fold.ts'

it.each([
  ['Reunión', 'reunion'],
  ['PEÑA', 'pena'],
  ['Güiza', 'guiza'],
  ['', ''],
  ['\u0639\u0644\u06cc\u200c\u0631\u0636\u0627', '\u0639\u0644\u06cc\u0631\u0636\u0627'],
])('folds %j to %j', (text, folded) => {
  expect(fold(text)).toBe(folded)
})
