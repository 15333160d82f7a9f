import { describe, expect, it } from 'vitest'
import { encode, type Modules } from './qr.ts'
// Made by another encoder (segno): each text fills its version, since encoders differ in how they pad.
import samples from './qr.samples.json'

const rows = (modules: Modules | null) =>
  modules?.map((line) => BigInt(`0b${line.map((dark) => (dark ? '1' : '0')).join('')}`).toString(16))

describe('encode', () => {
  it.each(samples)('draws version $version as another encoder does', ({ text, mask, rows: expected }) => {
    expect(rows(encode(text, mask))).toEqual(expected)
  })

  it('says so where a text does not fit', () => {
    expect(encode('x'.repeat(213))).not.toBeNull()
    expect(encode('x'.repeat(214))).toBeNull()
  })
})
