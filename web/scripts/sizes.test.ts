import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measureSizes, OUT } from './sizes.ts'

describe('the built client', () => {
  it.each(Object.entries(measureSizes()))('%s stays within its budget', (_name, { kilobytes, limit }) => {
    expect(kilobytes).toBeLessThanOrEqual(limit)
  })

  it('is kept whole by its worker, which would keep nothing if one file were missing', () => {
    const worker = readFileSync(join(OUT, 'sw.js'), 'utf8')
    const kept = [...worker.matchAll(/\/assets\/([\w.-]+)/g)].map(([, name]) => name)
    expect(kept.sort()).toEqual(readdirSync(join(OUT, 'assets')).sort())
  })
})
