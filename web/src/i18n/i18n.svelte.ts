import { untrack } from 'svelte'
import { first } from './es.first.ts'
import type { Dictionary } from './es.ts'
import { createFormat, type Format } from './format.ts'
import { preferredLocale, type Locale, type LocaleChoice } from './locale.ts'

const KEY = 'locale'
/** Set by hand or by a test: no language, but a look at what every language needs. */
const PSEUDO = 'pseudo'

/** The language of the interface; switching it changes every sentence on screen, without a reload. */
export class I18n {
  #locale = $state<Locale>('es')
  #choice = $state<LocaleChoice>('system')
  #format = $derived(createFormat(this.#locale))
  readonly #spanish = { ...first } as Dictionary
  #whole = false
  #filed = false
  // Whoever shows a sentence beyond the first screen has asked for all of them before.
  #texts = $state.raw(this.#spanish)
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
      const [{ pseudo }, { es }] = await Promise.all([import('./pseudo.ts'), import('./es.ts')])
      this.#texts = pseudo(es)
      return
    }
    await this.#apply(kept === 'es' || kept === 'en' ? kept : 'system')
  }

  /** Once it is kept, every sentence can be shown, in every language. */
  async complete(): Promise<void> {
    this.#whole = true
    // Whoever shows a part of the interface waits for this, and must not begin anew with another language.
    const locale = untrack(() => this.#locale)
    if (locale === 'es') await this.#completeSpanish()
  }

  /** And what is said of files, which most conversations have none of. */
  async completeFiles(): Promise<void> {
    this.#filed = true
    const locale = untrack(() => this.#locale)
    if (locale === 'es') await this.#completeSpanish()
  }

  /** In place: what is on screen says nothing of it, and would otherwise be drawn again. */
  async #completeSpanish(): Promise<void> {
    const { later } = await import('./es.later.ts')
    Object.assign(this.#spanish, later)
    if (this.#filed) Object.assign(this.#spanish, await import('./es.files.ts'))
  }

  async choose(choice: LocaleChoice): Promise<void> {
    if (choice === 'system') this.#storage.removeItem(KEY)
    else this.#storage.setItem(KEY, choice)
    await this.#apply(choice)
  }

  async #apply(choice: LocaleChoice): Promise<void> {
    const locale = choice === 'system' ? preferredLocale(this.#languages) : choice
    if (locale === 'es' && this.#whole) await this.#completeSpanish()
    this.#texts = locale === 'es' ? this.#spanish : (await import('./en.ts')).en
    this.#locale = locale
    this.#choice = choice
    document.documentElement.lang = locale
  }
}
