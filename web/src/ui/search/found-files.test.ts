import { expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import type { SentFile } from '../../protocol/wire.ts'
import { foundFiles } from './found-files.ts'

const file = (kind: SentFile['kind'], name: string, type = '') => ({ kind, name, type }) as SentFile

it('shows the file whose name was found, and what of it', () => {
  const files = [file('file', 'notas.txt'), file('file', 'Guía de redes.pdf')]
  expect(foundFiles(es, files, ['guia'])).toEqual([
    { icon: 'file-text', text: 'Guía de redes.pdf', ranges: [[0, 4]] },
  ])
})

it('says in a line what was sent where no name fits', () => {
  expect(foundFiles(es, [file('file', 'notas.txt')], ['guia'])).toEqual([
    { icon: 'file-text', text: 'notas.txt', ranges: [] },
  ])
  const photo = file('image', 'a.jpg', 'image/jpeg')
  expect(foundFiles(es, [photo, photo], ['guia'])).toEqual([{ icon: 'image', text: '2 fotos', ranges: [] }])
})

it('calls a voice note what it is, not by the name that a program gave it', () => {
  const voice = file('voice', 'nota-de-voz.webm', 'audio/webm')
  expect(foundFiles(es, [voice], ['nota'])).toEqual([{ icon: 'mic', text: 'Nota de voz', ranges: [] }])
})

it('shows nothing where nothing was sent, and not all of many', () => {
  expect(foundFiles(es, [], ['guia'])).toEqual([])
  const many = Array.from({ length: 9 }, (_, index) => file('file', `guia ${index}.pdf`))
  expect(foundFiles(es, many, ['guia'])).toHaveLength(3)
})
