/** Who is signed in, and how one comes in. */
import type { Device, Locale, Me, NotificationSettings, Registration } from '../../protocol/wire'
import type { Outcome } from './outcome'

/** `store.session`: who is signed in on this browser. */
export interface SessionApi {
  /** `starting` lasts until the local copy or the server has said who is here. */
  readonly phase: 'starting' | 'signed_out' | 'signed_in'
  readonly me: Me | null
  /** How I want to be told of what I miss; null until it is known. */
  readonly wishes: NotificationSettings | null
  /** It was read, or changed here. */
  wish(wishes: NotificationSettings): void
  /** Why the last session ended without the person asking for it; null after a logout by hand. */
  readonly ended: 'expired' | 'revoked' | 'disabled' | 'too_many_sessions' | null

  /** Who may make an account here; null until it is known. */
  registration(): Promise<Registration | null>
  /** What a one-time code opens; a code that is not good is `not_found`. */
  checkCode(code: string): Promise<Outcome<'owner' | 'reset'>>
  login(input: LoginInput): Promise<Outcome<Me>>
  /** With `invite` the account also joins the chats of the invitation. */
  register(input: RegisterInput): Promise<Outcome<Me>>
  /** The one-time link of the first start: makes the owner. */
  becomeOwner(input: OwnerInput): Promise<Outcome<Me>>
  resetPassword(input: { code: string; password: string }): Promise<Outcome<void>>
  /** Wipes the local copy in every tab, also when the server cannot be reached. */
  logout(): Promise<void>

  changePassword(input: { old_password: string; new_password: string }): Promise<Outcome<void>>
  updateProfile(input: ProfileInput): Promise<Outcome<Me>>
  devices(): Promise<Outcome<readonly Device[]>>
  endDevice(sessionId: string): Promise<Outcome<void>>
  endOtherDevices(): Promise<Outcome<void>>
}

export interface LoginInput {
  username: string
  password: string
  code?: string
  /** The computer is other people's too: nothing is stored here, and closing the tab logs out. */
  shared?: boolean
}

export interface RegisterInput {
  username: string
  password: string
  shared?: boolean
  display_name?: string
  locale?: Locale
  invite?: string
}

export interface OwnerInput {
  code: string
  username: string
  password: string
  display_name?: string
  locale?: Locale
}

export interface ProfileInput {
  display_name?: string
  about?: string
  locale?: Locale
  hides_last_seen?: boolean
  hides_receipts?: boolean
  hides_previews?: boolean
  /** Null takes the picture away. */
  avatar_file_id?: string | null
}
