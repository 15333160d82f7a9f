import { fold } from '../fold.ts'

/** Whether every word typed is in the name or the username, blind to accents and case. */
export function whoMatches(typed: string, name: string, username = ''): boolean {
  const words = fold(typed.trim()).split(/\s+/u)
  const said = fold(`${name} @${username}`)
  return words.every((word) => said.includes(word))
}
