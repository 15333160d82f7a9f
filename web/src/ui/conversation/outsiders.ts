import { mentioned } from '../../markdown/plain.ts'
import type { User } from '../../protocol/wire.ts'

/** More are not looked up: a text that calls so many is a list. */
const MOST = 8

/** The people whom a text calls by name. */
export function calledBy(text: string): string[] {
  return mentioned(text)
    .filter((name) => name !== 'all')
    .slice(0, MOST)
}

/** Who of them exists and is no member: they will not hear of it. */
export function outsiders(
  called: readonly string[],
  directory: ReadonlyMap<string, User | null>,
  memberIds: readonly string[],
): User[] {
  const inside = new Set(memberIds)
  return called
    .map((name) => directory.get(name) ?? null)
    .filter((user) => user !== null)
    .filter(({ user_id }) => !inside.has(user_id))
}
