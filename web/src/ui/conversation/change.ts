interface Keyed {
  readonly key: string
}

/** How a list became another, as the virtual list has to be told. */
export type ListChange<T> =
  /** Nothing in common: start anew. */
  | { kind: 'replaced' }
  /** Only the middle or the end changed. */
  | { kind: 'tail' }
  /** The start changed: `between` is the old list with the new start, to be shown one step before the new list. */
  | { kind: 'head'; between: readonly T[] }

/** Compares by key. Both ends may change at once when a page is loaded on one side and dropped on the other. */
export function compareLists<T extends Keyed>(old: readonly T[], next: readonly T[]): ListChange<T> {
  const places = new Map(next.map((row, index) => [row.key, index]))
  const from = old.findIndex((row) => places.has(row.key))
  if (from === -1) return { kind: 'replaced' }
  const to = places.get(old[from]?.key ?? '') ?? 0
  if (from === 0 && to === 0) return { kind: 'tail' }
  return { kind: 'head', between: [...next.slice(0, to), ...old.slice(from)] }
}
