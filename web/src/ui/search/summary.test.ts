import { expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import { problem } from '../../protocol/problem.ts'
import type { SearchHit } from '../../store/contract.ts'
import { messageItem } from '../conversation/samples.ts'
import { summaryOf } from './summary.ts'

const ui = { t: es, explain: () => 'No hay conexión con el servidor.' }
const hit: SearchHit = {
  chat_id: 'chat',
  message: messageItem(1, 'ana', '2026-11-23T10:00:00Z').message,
  highlights: [],
}
const nothing = { hits: [], more: null, problem: null, busy: false, answered: false }

it('says what was found, and where it was looked for', () => {
  const offline = problem('offline')
  expect(summaryOf(ui, nothing)).toBe('')
  expect(summaryOf(ui, { ...nothing, busy: true })).toBe('Cargando…')
  expect(summaryOf(ui, { ...nothing, busy: true, hits: [hit] })).toContain('buscando en el resto')
  expect(summaryOf(ui, { ...nothing, answered: true })).toBe('Ningún mensaje coincide.')
  expect(summaryOf(ui, { ...nothing, answered: true, hits: [hit] })).toBe('1 mensaje')
  expect(summaryOf(ui, { ...nothing, answered: true, hits: [hit], more: 'x' })).toContain('puede haber más')
  expect(summaryOf(ui, { ...nothing, problem: offline, hits: [hit] })).toContain('Solo se buscó')
  expect(summaryOf(ui, { ...nothing, problem: offline })).toBe('No hay conexión con el servidor.')
})
