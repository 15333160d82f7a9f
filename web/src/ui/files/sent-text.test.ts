import { expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import { sentText } from './sent-text.ts'

it.each([
  [[], ''],
  [['image'], 'Foto'],
  [['image', 'image', 'image'], '3 fotos'],
  [['video'], 'Video'],
  [['voice'], 'Nota de voz'],
  [['file'], 'acta.pdf'],
  [['file', 'file'], '2 archivos'],
  [['image', 'file'], '2 archivos'],
] as const)('says of %j: %s', (kinds, text) => {
  expect(
    sentText(
      es,
      kinds.map((kind) => ({ kind, name: 'acta.pdf' })),
    ),
  ).toBe(text)
})
