import { describe, expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import { problem } from '../../protocol/problem.ts'
import { nameFault } from './name-fault.ts'

describe('the fault of a name', () => {
  it('stands at the field that was refused', () => {
    const refusal = problem('bad_request', 'title: it has no visible character')
    expect(nameFault(es, 'title', refusal)).toBe(es.entry.nameRefused)
    expect(nameFault(es, 'display_name', refusal)).toBeNull()
  })

  it('is none where something else was refused, or nothing', () => {
    expect(nameFault(es, 'title', problem('forbidden'))).toBeNull()
    expect(nameFault(es, 'title', null)).toBeNull()
  })
})
