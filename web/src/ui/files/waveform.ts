/** The form of a voice note: how loud it is from beginning to end, as numbers from 0 to 31. */

export const BARS = 64
export const HIGH = 31

/** So many numbers that fit the width, whatever there were: the loudest of each part. */
export function resampled(levels: readonly number[], count: number): number[] {
  if (levels.length === 0) return Array.from({ length: count }, () => 0)
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * levels.length) / count)
    const to = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / count))
    return Math.max(...levels.slice(from, to))
  })
}

/** As they are sent: the loudest is the highest, however far the mouth was from the microphone. */
export function waveformOf(levels: readonly number[], count = BARS): number[] {
  const bars = resampled(levels, count)
  const loudest = Math.max(...bars)
  // Silence is a line, not a storm.
  const scale = loudest < 0.02 ? 0 : HIGH / loudest
  return bars.map((level) => Math.round(level * scale))
}

/** How loud a moment is, from 0 to 1, out of samples from -1 to 1. */
export function levelOf(samples: Float32Array): number {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return Math.min(1, peak)
}
