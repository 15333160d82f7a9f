export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'theme'

/** Light or dark, as this browser chose; `system` follows the device. */
export class Theme {
  #choice = $state<ThemeChoice>('system')
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  get choice(): ThemeChoice {
    return this.#choice
  }

  start(): void {
    const kept = this.#storage.getItem(KEY)
    this.#apply(kept === 'light' || kept === 'dark' ? kept : 'system')
  }

  choose(choice: ThemeChoice): void {
    if (choice === 'system') this.#storage.removeItem(KEY)
    else this.#storage.setItem(KEY, choice)
    this.#apply(choice)
  }

  #apply(choice: ThemeChoice): void {
    const classes = document.documentElement.classList
    classes.toggle('light', choice === 'light')
    classes.toggle('dark', choice === 'dark')
    this.#choice = choice
  }
}
