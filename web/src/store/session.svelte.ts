/** Who is signed in on this browser. */
import type { Api } from '../protocol/api'
import type { components } from '../protocol/schema.gen'
import type { Device, Me, NotificationSettings, Registration } from '../protocol/wire'
import type { LoginInput, Outcome, OwnerInput, ProfileInput, RegisterInput, SessionApi } from './contract'

type Ended = SessionApi['ended']
type LoggedIn = components['schemas']['LoggedIn']
type ServerInfo = components['schemas']['ServerInfo']

export interface SessionPort {
  api: Api
  /** Somebody is here, perhaps another than before: show and connect. */
  entered(me: Me): Promise<void>
  /** Nobody is here any more. `keepUnsent`: the same person will be back. */
  left(keepUnsent: boolean): Promise<void>
  saveMe(me: Me): void
  /** Nothing is stored any more: the computer is shared. */
  forgo(): Promise<void>
  tellTabs(what: 'signed_in' | 'signed_out'): void
}

export class Session implements SessionApi {
  readonly #port: SessionPort
  #greeting: Promise<Outcome<ServerInfo>> | null = null
  phase = $state<SessionApi['phase']>('starting')
  me = $state.raw<Me | null>(null)
  ended = $state<Ended>(null)
  wishes = $state.raw<NotificationSettings | null>(null)

  constructor(port: SessionPort) {
    this.#port = port
  }

  async registration(): Promise<Registration | null> {
    const outcome = await this.#server()
    return outcome.ok ? outcome.value.registration : null
  }

  async checkCode(code: string): Promise<Outcome<'owner' | 'reset'>> {
    const outcome = await this.#port.api.checkCode(code)
    return outcome.ok ? { ok: true, value: outcome.value.purpose } : outcome
  }

  async login(input: LoginInput): Promise<Outcome<Me>> {
    return this.#enter(await this.#port.api.login(input), input.shared)
  }

  async register(input: RegisterInput): Promise<Outcome<Me>> {
    return this.#enter(await this.#port.api.register(input), input.shared)
  }

  /** The page is being closed; there is no time for an answer. */
  leaving(): void {
    void this.#port.api.logout(true)
    this.phase = 'signed_out'
  }

  async becomeOwner(input: OwnerInput): Promise<Outcome<Me>> {
    return this.#enter(await this.#port.api.becomeOwner(input))
  }

  async resetPassword(input: { code: string; password: string }): Promise<Outcome<void>> {
    const entered = await this.#enter(await this.#port.api.reset(input))
    return entered.ok ? { ok: true, value: undefined } : entered
  }

  async logout(): Promise<void> {
    await this.#port.api.logout()
    await this.#leave(null, false)
    this.#port.tellTabs('signed_out')
  }

  async changePassword(input: { old_password: string; new_password: string }): Promise<Outcome<void>> {
    const outcome = await this.#port.api.changePassword(input)
    return outcome.ok ? { ok: true, value: undefined } : outcome
  }

  async updateProfile(input: ProfileInput): Promise<Outcome<Me>> {
    const outcome = await this.#port.api.updateMe(input)
    if (outcome.ok) this.learn(outcome.value)
    return outcome
  }

  async devices(): Promise<Outcome<readonly Device[]>> {
    const outcome = await this.#port.api.devices()
    return outcome.ok ? { ok: true, value: outcome.value.sessions } : outcome
  }

  endDevice(sessionId: string): Promise<Outcome<void>> {
    return this.#port.api.endDevice(sessionId)
  }

  endOtherDevices(): Promise<Outcome<void>> {
    return this.#port.api.endOtherDevices()
  }

  /**
   * The stored copy names somebody: show it at once, the server confirms or ends it. Without a copy
   * the cookie may still be good, which only the server can see: it says so before anything is asked
   * that it would refuse a visitor.
   */
  async resume(stored: Me | null): Promise<void> {
    if (stored !== null) {
      await this.#begin(stored)
      return
    }
    this.#greeting = this.#port.api.server()
    const greeting = await this.#greeting
    // An invitation's page does not wait for this: they may have come in meanwhile.
    if (this.phase !== 'starting') return
    if (greeting.ok && greeting.value.signed_in) await this.#ask()
    else this.phase = 'signed_out'
  }

  /** Another tab signed in or out. */
  async follow(what: 'signed_in' | 'signed_out'): Promise<void> {
    if (what === 'signed_out') await this.#leave(null, false)
    else if (this.phase !== 'signed_in') await this.#ask()
  }

  /** The server ended it. */
  async end(reason: Exclude<Ended, null>): Promise<void> {
    if (this.phase !== 'signed_in') return
    await this.#leave(reason, reason === 'expired')
  }

  /** The cookie is somebody else's now: begin anew with whoever that is. */
  async swap(): Promise<void> {
    await this.#leave(null, false)
    await this.#ask()
  }

  /** My profile changed, here or on another device. */
  learn(me: Me): void {
    this.me = me
    this.#port.saveMe(me)
  }

  /** How I want to be told changed, here or on another device. */
  wish(wishes: NotificationSettings): void {
    this.wishes = wishes
  }

  /** The answer to the first page's question serves the page that asks next. */
  #server(): Promise<Outcome<ServerInfo>> {
    const greeting = this.#greeting ?? this.#port.api.server()
    this.#greeting = null
    return greeting
  }

  async #ask(): Promise<void> {
    const outcome = await this.#port.api.me()
    if (outcome.ok) await this.#begin(outcome.value)
    else this.phase = 'signed_out'
  }

  async #enter(outcome: Outcome<LoggedIn>, shared = false): Promise<Outcome<Me>> {
    if (!outcome.ok) return outcome
    if (shared) await this.#port.forgo()
    await this.#begin(outcome.value.user)
    // The other tabs would store what this one must not.
    if (!shared) this.#port.tellTabs('signed_in')
    return { ok: true, value: outcome.value.user }
  }

  async #begin(me: Me): Promise<void> {
    this.ended = null
    this.me = me
    await this.#port.entered(me)
    this.phase = 'signed_in'
  }

  async #leave(reason: Ended, keepUnsent: boolean): Promise<void> {
    this.phase = 'signed_out'
    this.ended = reason
    await this.#port.left(keepUnsent)
    this.me = null
    this.wishes = null
  }
}
