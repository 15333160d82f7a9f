import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en.ts'
import { es } from '../i18n/es.ts'
import { problem } from '../protocol/problem.ts'
import { explain } from './explain.ts'

describe('explain', () => {
  it('says what happened', () => {
    expect(explain(es, problem('forbidden', 'server text'))).toBe(es.problem.forbidden)
  })

  it('says when to try again', () => {
    expect(explain(es, problem('rate_limited', '', 1200))).toBe('Vas muy rápido. Prueba en 2 segundos.')
    expect(explain(en, problem('rate_limited', '', 900))).toBe('You are going very fast. Try in 1 second.')
    expect(explain(es, problem('overloaded'))).toBe('El servidor está ocupado. Prueba en un momento.')
  })
})
