/** What a browser keeps under names, as far as the tests ask for it. */
export class FakeCaches {
  readonly #shelves = new Map<string, Map<string, Response>>()

  names(): string[] {
    return [...this.#shelves.keys()]
  }

  open = (name: string) => {
    const shelf = this.#shelves.get(name) ?? new Map<string, Response>()
    this.#shelves.set(name, shelf)
    return Promise.resolve({
      put: (path: string, response: Response) => Promise.resolve(void shelf.set(absolute(path), response)),
      match: (asked: string | { url: string }) => Promise.resolve(shelf.get(keyOf(asked))?.clone()),
      delete: (asked: string | { url: string }) => Promise.resolve(shelf.delete(keyOf(asked))),
      keys: () => Promise.resolve([...shelf.keys()].map((url) => ({ url }))),
    })
  }

  delete = (name: string) => Promise.resolve(this.#shelves.delete(name))
}

function keyOf(asked: string | { url: string }): string {
  return typeof asked === 'string' ? absolute(asked) : asked.url
}

function absolute(path: string): string {
  return new URL(path, 'https://example.org').href
}
