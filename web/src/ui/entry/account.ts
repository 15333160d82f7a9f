import type { Dictionary } from '../../i18n/es.ts'
import type { ClientProblem } from '../../protocol/problem.ts'
import type { Locale } from '../../i18n/locale.ts'
import { fold } from '../fold.ts'

/** What a form for a new account asks. */
export interface Account {
  username: string
  password: string
  /** Without it people see the username. */
  display_name?: string
  /** That of the interface: what the server writes to them is in it too. */
  locale: Locale
  shared: boolean
}

const USERNAME = /^[a-z0-9._-]{3,32}$/
const PASSWORD_MIN = 8
const USERNAME_MAX = 32

/** What is wrong with a wished username, said before the server is asked; null when it may be tried. */
export function usernameFault(t: Dictionary, username: string): string | null {
  return USERNAME.test(foldUsername(username)) ? null : t.entry.usernameInvalid
}

export function passwordFault(t: Dictionary, password: string): string | null {
  return password.length < PASSWORD_MIN ? t.entry.passwordShort : null
}

/**
 * The field that a refusal is about, where the server's sentence names one: it begins with the field or,
 * where the form of a value is wrong, ends with its place in the body.
 */
export function faultyField({ code, detail }: ClientProblem): string | null {
  if (code !== 'bad_request') return null
  return /^([a-z_]+): /.exec(detail)?.[1] ?? /`\$\.([a-z_]+)`/.exec(detail)?.[1] ?? null
}

/** The form the server keeps: capitals typed by a phone's keyboard make no other account. */
export function foldUsername(username: string): string {
  return username.trim().toLowerCase()
}

/** A username from a name, for who has not typed one: `María José Núñez` → `maria.jose.nunez`. */
export function suggestedUsername(name: string): string {
  return fold(name)
    .replace(/[^a-z0-9]+/gu, '.')
    .replace(/^\.+|\.+$/gu, '')
    .slice(0, USERNAME_MAX)
    .replace(/\.+$/u, '')
}
