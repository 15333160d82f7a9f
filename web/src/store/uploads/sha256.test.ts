import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { dice } from '../fixtures'
import { Sha256 } from './sha256'

function hashOf(pieces: readonly Uint8Array[]): string {
  const hash = new Sha256()
  for (const piece of pieces) hash.update(piece)
  return hash.hex()
}

describe('SHA-256 by pieces', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('knows the standard’s own examples: %j', (text, expected) => {
    expect(hashOf([new TextEncoder().encode(text)])).toBe(expected)
  })

  it('is the same however the bytes come', () => {
    const random = dice(3)
    for (const length of [1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000, 4_097]) {
      const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256))
      const pieces: Uint8Array[] = []
      for (let at = 0; at < length;) {
        const size = 1 + Math.floor(random() * 150)
        pieces.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(hashOf(pieces)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })
})
