/** One sound at a time, heard on while one goes from conversation to conversation. */

export interface Track {
  /** Of the file. */
  id: string
  address: string
  title: string
  /** As it is known beforehand: recordings of browsers do not say it themselves. */
  duration_ms: number | null
  chatId: string
  /** Null for what is not sent yet. */
  seq: number | null
}

const RATES = [1, 1.5, 2] as const
const KEY = 'speed'

export class Player {
  readonly #audio = new Audio()
  track = $state.raw<Track | null>(null)
  playing = $state(false)
  /** Milliseconds. */
  position = $state(0)
  failed = $state(false)
  /** It was heard to its end, and nobody has begun it again. */
  over = $state(false)
  #measured = $state(0)
  #rate = $state(readRate())

  constructor() {
    const audio = this.#audio
    audio.preload = 'auto'
    audio.addEventListener('play', () => {
      this.playing = true
      this.over = false
    })
    audio.addEventListener('pause', () => (this.playing = false))
    audio.addEventListener('timeupdate', () => (this.position = audio.currentTime * 1000))
    audio.addEventListener('ended', () => this.#ended())
    audio.addEventListener('error', () => this.#failed())
    audio.addEventListener('durationchange', () => {
      this.#measured = Number.isFinite(audio.duration) ? audio.duration * 1000 : 0
    })
  }

  get duration(): number {
    return this.track?.duration_ms ?? this.#measured
  }

  get rate(): number {
    return this.#rate
  }

  /** Whether that one is the one that is heard, or would be on a touch. */
  has(id: string): boolean {
    return this.track?.id === id
  }

  toggle(track: Track): void {
    if (!this.has(track.id)) this.#load(track)
    if (this.playing) this.#audio.pause()
    else void this.#play()
  }

  /** Goes on, or holds, whatever is there. */
  flip(): void {
    if (this.track !== null) this.toggle(this.track)
  }

  /** In milliseconds from the beginning. */
  seek(position: number): void {
    const to = Math.max(0, Math.min(this.duration, position))
    this.position = to
    this.over = false
    this.#audio.currentTime = to / 1000
  }

  faster(): void {
    const at = RATES.findIndex((rate) => rate === this.#rate)
    this.#rate = RATES[(at + 1) % RATES.length] ?? 1
    this.#audio.playbackRate = this.#rate
    localStorage.setItem(KEY, String(this.#rate))
  }

  stop(): void {
    this.#audio.pause()
    this.#audio.removeAttribute('src')
    this.track = null
    this.playing = false
    this.position = 0
  }

  async #play(): Promise<void> {
    const track = this.track
    try {
      await this.#audio.play()
    } catch (refusal) {
      // Held, or another one was begun, before it could: it is as good as it was.
      const held = refusal instanceof DOMException && refusal.name === 'AbortError'
      if (!held && this.track === track) this.#failed()
    }
  }

  #load(track: Track): void {
    this.track = track
    this.failed = false
    this.over = false
    this.position = 0
    this.#measured = 0
    this.#audio.src = track.address
    this.#audio.defaultPlaybackRate = this.#rate
    this.#audio.playbackRate = this.#rate
  }

  #ended(): void {
    this.playing = false
    this.over = true
    this.position = 0
    this.#audio.currentTime = 0
  }

  #failed(): void {
    if (this.track === null) return
    this.failed = true
    this.playing = false
  }
}

function readRate(): number {
  return RATES.find((rate) => String(rate) === localStorage.getItem(KEY)) ?? 1
}
