import { es, type Dictionary } from './es.ts'
import { createFormat, type Format } from './format.ts'
import { preferredLocale, type Locale, type LocaleChoice } from './locale.ts'

const KEY = 'locale'
/** Set by hand or by a test: no language, but a look at what every language needs. */
const PSEUDO = 'pseudo'

/** The language of the interface; switching it changes every sentence on screen, without a reload. */
export class I18n {
  #texts = $state.raw<Dictionary>(es)
  #locale = $state<Locale>('es')
  #choice = $state<LocaleChoice>('system')
  #format = $derived(createFormat(this.#locale))
  readonly #languages: readonly string[]
  readonly #storage: Storage

  constructor(languages: readonly string[], storage: Storage) {
    this.#languages = languages
    this.#storage = storage
  }

  get t(): Dictionary {
    return this.#texts
  }

  get locale(): Locale {
    return this.#locale
  }

  get choice(): LocaleChoice {
    return this.#choice
  }

  get format(): Format {
    return this.#format
  }

  /** Applies what this browser chose before; Spanish shows until another dictionary has arrived. */
  async start(): Promise<void> {
    const kept = this.#storage.getItem(KEY)
    if (kept === PSEUDO) {
      this.#texts = (await import('./pseudo.ts')).pseudo(es)
      return
    }
    await this.#apply(kept === 'es' || kept === 'en' ? kept : 'system')
  }

  async choose(choice: LocaleChoice): Promise<void> {
    if (choice === 'system') this.#storage.removeItem(KEY)
    else this.#storage.setItem(KEY, choice)
    await this.#apply(choice)
  }

  async #apply(choice: LocaleChoice): Promise<void> {
    const locale = choice === 'system' ? preferredLocale(this.#languages) : choice
    this.#texts = locale === 'es' ? es : (await import('./en.ts')).en
    this.#locale = locale
    this.#choice = choice
    document.documentElement.lang = locale
  }
}
