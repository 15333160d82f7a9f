/** What the page of notifications shows and changes: wishes, devices, and each hop on the way here. */
import type { Health, PushDevice, Settings, Telling, Wishes } from '../../protocol/telling.ts'
import type { Outcome } from '../../store/contract.ts'

/** Tells of a refusal, and answers the value of a success. */
type Unwrap = <T>(outcome: Outcome<T>) => { value: T } | null

export class TellingState {
  readonly telling: Telling
  readonly #unwrap: Unwrap
  readonly #learn: (settings: Settings) => void
  #last: Promise<unknown> = Promise.resolve()
  settings = $state.raw<Settings | null>(null)
  health = $state.raw<Health | null>(null)
  devices = $state.raw<readonly PushDevice[]>([])

  constructor(telling: Telling, unwrap: Unwrap, learn: (settings: Settings) => void) {
    this.telling = telling
    this.#unwrap = unwrap
    this.#learn = learn
  }

  async load(): Promise<void> {
    const [settings] = await Promise.all([this.telling.settings(), this.look()])
    this.#take(settings)
  }

  /** The health, and the devices with it. */
  async look(): Promise<void> {
    const [health, devices] = await Promise.all([this.telling.health(), this.telling.devices()])
    if (health.ok) this.health = health.value
    if (devices.ok) this.devices = devices.value.devices
  }

  /** Another device, or another page, changed it. */
  heard(settings: Settings): void {
    this.settings = settings
  }

  /** One after the other: each is put as a whole, with what the one before it changed. */
  wish(change: Partial<Wishes>): Promise<boolean> {
    const turn = this.#last.then(() => this.#wish(change))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #wish(change: Partial<Wishes>): Promise<boolean> {
    if (this.settings === null) return false
    const done = this.#take(await this.telling.wish({ ...wishesOf(this.settings), ...change }))
    if (done) void this.look()
    return done
  }

  async setAddress(address: string | null): Promise<boolean> {
    const done = this.#take(await this.telling.address(address))
    void this.look()
    return done
  }

  async turnOff(sessionId: string): Promise<void> {
    if (this.#unwrap(await this.telling.removeDevice(sessionId)) !== null) await this.look()
  }

  #take(outcome: Outcome<Settings>): boolean {
    const got = this.#unwrap(outcome)
    if (got === null) return false
    this.settings = got.value
    this.#learn(got.value)
    return true
  }
}

/** The part that is put as a whole. */
export function wishesOf(settings: Settings): Wishes {
  const { level, keywords, quiet, time_zone, preview, mail, snoozed_until } = settings
  const wishes = { level, keywords, quiet, time_zone, preview, mail }
  return snoozed_until === undefined ? wishes : { ...wishes, snoozed_until }
}

/** In characters, as the server counts them. */
const TOO_LONG = /^.{61,}$/su
const KEYWORDS_MAX = 50

/** What the server would refuse of them. */
export function keywordFault(words: readonly string[]): 'many' | 'long' | 'blank' | null {
  if (words.length > KEYWORDS_MAX) return 'many'
  if (words.some((word) => TOO_LONG.test(word))) return 'long'
  return words.every((word) => /[\p{L}\p{N}]/u.test(word)) ? null : 'blank'
}

/** As it is typed, with commas between. */
export function keywordsOf(typed: string): string[] {
  return typed
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
