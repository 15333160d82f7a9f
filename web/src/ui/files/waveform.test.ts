import { describe, expect, it } from 'vitest'
import { levelOf, resampled, waveformOf } from './waveform.ts'

describe('the form of a voice', () => {
  it('keeps the loudest of each part, and repeats where there is too little', () => {
    expect(resampled([0, 1, 0, 0.5], 2)).toEqual([1, 0.5])
    expect(resampled([0.2, 0.4], 4)).toEqual([0.2, 0.2, 0.4, 0.4])
    expect(resampled([], 3)).toEqual([0, 0, 0])
  })

  it('is as high for a quiet voice as for a loud one, and flat for silence', () => {
    expect(waveformOf([0.05, 0.1], 2)).toEqual([16, 31])
    expect(waveformOf([0.5, 1], 2)).toEqual([16, 31])
    expect(waveformOf([0.001, 0.01], 2)).toEqual([0, 0])
  })

  it('measures the farthest from rest', () => {
    expect(levelOf(Float32Array.of(0.1, -0.6, 0.3))).toBeCloseTo(0.6)
    expect(levelOf(Float32Array.of(3))).toBe(1)
  })
})
