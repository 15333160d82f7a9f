/** Sentences by place: some of a section are on the first screen, the others come with what says them. */
type Sentences = Readonly<Record<string, unknown>>

/** Both; where both have a section, it has what either has. */
export type Joined<A, B> = {
  [K in keyof A | keyof B]: K extends keyof A
    ? K extends keyof B
      ? Joined<A[K], B[K]>
      : A[K]
    : K extends keyof B
      ? B[K]
      : never
}

/** Puts them in place, section by section. */
export function fill(into: Record<string, unknown>, sentences: Sentences): void {
  for (const [key, value] of Object.entries(sentences)) {
    if (typeof value === 'object') fill((into[key] ??= {}) as Record<string, unknown>, value as Sentences)
    else into[key] = value
  }
}

export function join<A extends Sentences, B extends Sentences>(first: A, rest: B): Joined<A, B> {
  const both = {}
  fill(both, first)
  fill(both, rest)
  return both as Joined<A, B>
}
