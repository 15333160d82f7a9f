import { describe, expect, it } from 'vitest'
import type { LocalFile } from '../../store/state.ts'
import { asChosen, canShrink, isShrunk } from './shrinking.ts'

const photo: LocalFile = {
  id: 'full',
  name: 'IMG_1.jpg',
  size: 4_000_000,
  type: 'image/jpeg',
  width: 4000,
  height: 3000,
  alt: '',
}
const small: LocalFile = { ...photo, id: 'small', size: 300_000, alt: 'El aula', full: photo }

describe('smaller photos', () => {
  it('are offered for photos that are worth it', () => {
    expect(canShrink([photo])).toBe(true)
    expect(canShrink([{ ...photo, size: 1_000 }])).toBe(false)
    expect(canShrink([{ ...photo, type: 'application/pdf' }])).toBe(false)
    expect(isShrunk([photo, small])).toBe(true)
  })

  it('can be taken back with what was said of them', () => {
    expect(asChosen(small)).toEqual({ ...photo, alt: 'El aula' })
    expect(asChosen(photo)).toBe(photo)
  })
})
