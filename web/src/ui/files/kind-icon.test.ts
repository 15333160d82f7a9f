import { describe, expect, it } from 'vitest'
import { endOf, iconOf } from './kind-icon.ts'

describe('the sign of a file', () => {
  it.each([
    ['informe.PDF', 'application/pdf', 'file-text'],
    ['notas.xlsx', 'application/octet-stream', 'file-spreadsheet'],
    ['foto', 'image/heic', 'image'],
    ['corto.mkv', 'video/x-matroska', 'film'],
    ['.bashrc', 'text/plain', 'file'],
    ['a.constructor', '', 'file'],
  ])('of %s', (name, type, icon) => expect(iconOf({ name, type })).toBe(icon))

  it('takes no long word for an ending', () => {
    expect(endOf('acta.final-de-verdad')).toBe('')
    expect(endOf('a.b.tar')).toBe('tar')
  })
})
