/** What the Enter key does in the composer; each browser remembers its own. */
export type EnterChoice = 'sends' | 'breaks'

const KEY = 'enter'

export class Enter {
  #choice = $state<EnterChoice>('sends')
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
    if (storage.getItem(KEY) === 'breaks') this.#choice = 'breaks'
  }

  get choice(): EnterChoice {
    return this.#choice
  }

  choose(choice: EnterChoice): void {
    this.#choice = choice
    if (choice === 'sends') this.#storage.removeItem(KEY)
    else this.#storage.setItem(KEY, choice)
  }
}

/** Whether this Enter sends. Shift always breaks the line, Ctrl and the command key always send. */
export function enterSends(
  event: Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  choice: EnterChoice,
): boolean {
  if (event.ctrlKey || event.metaKey) return true
  return choice === 'sends' && !event.shiftKey && !event.altKey
}
