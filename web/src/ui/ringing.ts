/** The sound of a message that comes while the page is open and somebody looks elsewhere; fetched with the first one. */
import type { NotificationSettings } from '../protocol/wire.ts'

const KEY = 'ring'
/** What rang or was seen in one tab need not ring in another, and many at once ring once. */
const AGAIN_MS = 2_000
const LAST = 'rang-at'
const TONES = [659, 880]
const TONE_S = 0.12
const LOUDNESS = 0.08

/** Whether it rings on this device, as chosen or, where nothing was, as suits it. */
export function rings(storage: Storage, calm: boolean): boolean {
  const chosen = storage.getItem(KEY)
  return chosen === null ? !calm : chosen === 'on'
}

export function choose(storage: Storage, on: boolean): void {
  storage.setItem(KEY, on ? 'on' : 'off')
}

/** Whoever asks for less has not asked for sounds; a note of the device has a sound of its own. */
export function isCalm(told: boolean): boolean {
  const less = document.documentElement.classList.contains('still')
  return told || less || matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** Somebody looks, or it rings: the other tabs keep still for a moment. */
export function claim(storage: Storage, now: number): boolean {
  const last = Number(storage.getItem(LAST))
  if (now >= last && now - last < AGAIN_MS) return false
  storage.setItem(LAST, String(now))
  return true
}

/** Hours of silence, by the clock of the place that was chosen for them, or a pause. */
export function isSilent({ quiet, time_zone, snoozed_until }: NotificationSettings, now: number): boolean {
  if (snoozed_until !== undefined && Date.parse(snoozed_until) > now) return true
  if (quiet === null) return false
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: time_zone,
  }).format(now)
  const { start, end } = quiet
  return start <= end ? time >= start && time < end : time >= start || time < end
}

/** Two soft tones. Where nobody has touched the page yet, browsers let nothing sound. */
export async function ring(): Promise<void> {
  // Missing in browsers of before 2023.
  const { userActivation } = navigator as { userActivation?: UserActivation }
  if (userActivation?.hasBeenActive !== true) return
  const context = new AudioContext()
  await context.resume()
  TONES.forEach((hertz, index) => sound(context, hertz, context.currentTime + index * TONE_S))
  setTimeout(() => void context.close(), 1_000)
}

function sound(context: AudioContext, hertz: number, at: number): void {
  const tone = new OscillatorNode(context, { frequency: hertz })
  const gain = new GainNode(context, { gain: 0 })
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S * 3)
  tone.connect(gain).connect(context.destination)
  tone.start(at)
  tone.stop(at + TONE_S * 3)
}
