import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LONGEST_MS, Recorder } from './recorder.svelte.ts'

const track = { stop: vi.fn() }
const stream = { getTracks: () => [track] } as unknown as MediaStream
let allow: (stream: MediaStream) => void
let made: FakeRecorder[] = []

class FakeRecorder extends EventTarget {
  static isTypeSupported = () => true
  state = 'inactive'
  mimeType = 'audio/webm;codecs=opus'

  constructor() {
    super()
    made.push(this)
  }

  start(): void {
    this.state = 'recording'
  }

  pause(): void {
    this.state = 'paused'
  }

  /** As a browser does: also when the microphone is pulled out. */
  stop(): void {
    if (this.state === 'inactive') throw new DOMException('', 'InvalidStateError')
    this.state = 'inactive'
    const data = Object.assign(new Event('dataavailable'), { data: new Blob(['sound']) })
    queueMicrotask(() => {
      this.dispatchEvent(data)
      this.dispatchEvent(new Event('stop'))
    })
  }
}

class FakeContext {
  createAnalyser = () => ({ fftSize: 2048, getFloatTimeDomainData: () => undefined })
  createMediaStreamSource = () => ({ connect: () => undefined })
  close = () => Promise.resolve()
}

beforeEach(() => {
  vi.useFakeTimers()
  made = []
  track.stop.mockClear()
  vi.stubGlobal('MediaRecorder', FakeRecorder)
  vi.stubGlobal('AudioContext', FakeContext)
  const asked = new Promise<MediaStream>((resolve) => (allow = resolve))
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => asked } })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function recording(onfull: () => void = () => undefined): Promise<Recorder> {
  const recorder = new Recorder(onfull)
  allow(stream)
  expect(await recorder.start()).toBeNull()
  await vi.advanceTimersByTimeAsync(1_000)
  return recorder
}

describe('the recorder', () => {
  it('lets go of a microphone that is given when nobody wants it any more', async () => {
    const recorder = new Recorder(() => undefined)
    const started = recorder.start()
    recorder.discard()
    allow(stream)
    expect(await started).toBe('failed')
    expect(track.stop).toHaveBeenCalledOnce()
    expect(made).toHaveLength(0)
  })

  it('is finished once, however often it is asked', async () => {
    const recorder = await recording()
    const [one, other] = await Promise.all([recorder.finish(), recorder.finish()])
    expect(one).toBe(other)
    expect(one?.blob.size).toBe(5)
    expect(one?.duration_ms).toBeGreaterThan(900)
    expect(track.stop).toHaveBeenCalledOnce()
  })

  it('keeps what was said when it is closed while it is being finished', async () => {
    const recorder = await recording()
    const finished = recorder.finish()
    recorder.discard()
    expect((await finished)?.blob.size).toBe(5)
  })

  it('says once that the microphone is gone, and can be finished then', async () => {
    const onfull = vi.fn()
    const recorder = await recording(onfull)
    made[0]?.stop()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(onfull).toHaveBeenCalledOnce()
    expect((await recorder.finish())?.blob.size).toBe(5)
  })

  it('says once that it has lasted as long as it may', async () => {
    const onfull = vi.fn()
    const recorder = await recording(onfull)
    recorder.duration_ms = LONGEST_MS - 500
    await vi.advanceTimersByTimeAsync(5_000)
    expect(onfull).toHaveBeenCalledOnce()
  })
})
