import { describe, expect, it } from 'vitest'
import { kindOf } from './kinds'

describe('what a file is', () => {
  it.each([
    ['image/png', 'image'],
    ['image/svg+xml', 'file'],
    ['image/heic', 'file'],
    ['video/mp4', 'video'],
    ['video/x-matroska', 'file'],
    ['audio/ogg', 'audio'],
    ['application/pdf', 'file'],
    ['', 'file'],
  ])('%s is %s', (type, kind) => expect(kindOf({ type })).toBe(kind))

  it('is a voice where somebody spoke into it', () =>
    expect(kindOf({ type: 'audio/webm', waveform: [1] })).toBe('voice'))
})
