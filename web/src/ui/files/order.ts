/** The list with one thing at another place. */
export function reordered<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = [...list]
  const [thing] = rest.splice(from, 1)
  if (thing !== undefined) rest.splice(Math.max(0, Math.min(rest.length, to)), 0, thing)
  return rest
}
