/** Records the microphone, and how loud it was from beginning to end. */
import { levelOf } from './waveform.ts'

/** The first that the browser knows: what records everywhere else, and what records in Safari. */
const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const LOOK_MS = 50
export const LONGEST_MS = 15 * 60_000

export type RecorderFault = 'denied' | 'none' | 'failed' | 'unsupported'

export interface Recording {
  blob: Blob
  duration_ms: number
  levels: readonly number[]
}

export function canRecord(): boolean {
  // Both are missing on a page over plain HTTP, and in old browsers.
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  return devices !== undefined && 'MediaRecorder' in window
}

/** The browser will not ask, since it was told. */
export async function isAllowed(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: 'microphone' })
    return status.state === 'granted'
  } catch {
    return false
  }
}

export class Recorder {
  state = $state<'idle' | 'recording' | 'paused'>('idle')
  duration_ms = $state(0)
  levels = $state.raw<readonly number[]>([])
  #recorder: MediaRecorder | null = null
  #stream: MediaStream | null = null
  #context: AudioContext | null = null
  #timer: ReturnType<typeof setInterval> | undefined
  #last = 0
  /** Nobody wants it any more, also where the browser is still asking. */
  #over = false
  #finishing: Promise<Recording | null> | null = null
  readonly #pieces: Blob[] = []
  readonly #onfull: () => void

  /** `onfull`: it has lasted as long as it may, or the microphone is gone. */
  constructor(onfull: () => void) {
    this.#onfull = onfull
  }

  get over(): boolean {
    return this.#over
  }

  /** Null when it records. */
  async start(): Promise<RecorderFault | null> {
    if (!canRecord()) return 'unsupported'
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      if (this.#over) {
        this.#release()
        return 'failed'
      }
      const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind))
      const recorder = new MediaRecorder(this.#stream, type === undefined ? {} : { mimeType: type })
      recorder.addEventListener('dataavailable', ({ data }) => this.#pieces.push(data))
      recorder.addEventListener('stop', () => {
        if (this.#finishing === null && !this.#over) this.#onfull()
      })
      recorder.start(1_000)
      this.#recorder = recorder
      this.#watch(this.#stream)
      this.state = 'recording'
      return null
    } catch (refusal) {
      this.#release()
      return faultOf(refusal)
    }
  }

  pause(): void {
    this.#recorder?.pause()
    this.state = 'paused'
  }

  resume(): void {
    this.#recorder?.resume()
    this.#last = performance.now()
    this.state = 'recording'
  }

  /** Null: nothing was recorded. Asked again it answers the same. */
  finish(): Promise<Recording | null> {
    this.#finishing ??= this.#finish()
    return this.#finishing
  }

  /** What is being finished is wanted. */
  discard(): void {
    this.#over = true
    if (this.#finishing !== null) return
    if (this.#recorder !== null && this.#recorder.state !== 'inactive') this.#recorder.stop()
    this.#release()
  }

  async #finish(): Promise<Recording | null> {
    const recorder = this.#recorder
    if (recorder === null) return null
    clearInterval(this.#timer)
    // A microphone that is gone has stopped it, and nothing more will be heard of that.
    if (recorder.state !== 'inactive') {
      const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }))
      recorder.stop()
      await stopped
    }
    const [duration_ms, levels] = [Math.round(this.duration_ms), this.levels]
    // The codec is no part of what the file is called.
    const type = recorder.mimeType.split(';')[0] || 'audio/webm'
    this.#release()
    const blob = new Blob(this.#pieces, { type })
    return blob.size === 0 || duration_ms === 0 ? null : { blob, duration_ms, levels }
  }

  /** The light beside the camera goes out. */
  #release(): void {
    clearInterval(this.#timer)
    for (const track of this.#stream?.getTracks() ?? []) track.stop()
    void this.#context?.close().catch(() => undefined)
    this.#stream = this.#context = this.#recorder = null
    this.state = 'idle'
  }

  #watch(stream: MediaStream): void {
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 2048
    context.createMediaStreamSource(stream).connect(analyser)
    this.#context = context
    const samples = new Float32Array(analyser.fftSize)
    this.#last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      if (this.state === 'recording') {
        analyser.getFloatTimeDomainData(samples)
        this.duration_ms += now - this.#last
        this.levels = [...this.levels, levelOf(samples)]
      }
      this.#last = now
      if (this.duration_ms < LONGEST_MS) return
      clearInterval(this.#timer)
      this.#onfull()
    }, LOOK_MS)
  }
}

function faultOf(refusal: unknown): RecorderFault {
  const name = refusal instanceof DOMException ? refusal.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'failed'
}
