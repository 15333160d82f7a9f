import { describe, expect, it } from 'vitest'
import { en } from '../../i18n/en.ts'
import { es } from '../../i18n/es.ts'
import { waiting } from './refusal.ts'

describe('waiting', () => {
  it('says why, and that nothing has to be done', () => {
    expect(waiting(es, 'disk_full', true)).toBe(
      'En espera: el disco del servidor está lleno. Se enviará solo en cuanto se pueda.',
    )
    expect(waiting(en, 'overloaded', true)).toBe(
      'Waiting: the server is very busy. It is sent by itself as soon as it can.',
    )
  })

  it('says something true of what it does not know', () => {
    expect(waiting(en, 'something_new', true)).toBe(waiting(en, 'unavailable', true))
  })

  it('does not say that something is on its way while nothing can be sent', () => {
    expect(waiting(es, null, false)).toBe('En espera')
    expect(waiting(en, 'disk_full', false)).toBe('Waiting')
  })

  it('is silent while nothing was refused', () => {
    expect(waiting(es, null, true)).toBeNull()
  })
})
