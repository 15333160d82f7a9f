import { describe, expect, it } from 'vitest'
import { measureSizes } from './sizes.ts'

describe('the built client', () => {
  it.each(Object.entries(measureSizes()))('%s stays within its budget', (_name, { kilobytes, limit }) => {
    expect(kilobytes).toBeLessThanOrEqual(limit)
  })
})
