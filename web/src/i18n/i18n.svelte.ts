import { untrack } from 'svelte'
import { first } from './es.first.ts'
import type { Dictionary } from './es.ts'
import { createFormat, type Format } from './format.ts'
import { preferredLocale, type Locale, type LocaleChoice } from './locale.ts'
import { fill } from './sentences.ts'

const KEY = 'locale'
/** Set by hand or by a test: no language, but a look at what every language needs. */
const PSEUDO = 'pseudo'

/** The first screen is there in Spanish; everything else that is said is fetched when it is wanted. */
const FETCH = {
  es: {
    first: () => Promise.resolve({ first }),
    entry: () => import('./es.entry.ts'),
    later: () => import('./es.later.ts'),
    files: () => import('./es.files.ts'),
  },
  en: {
    first: () => import('./en.first.ts'),
    entry: () => import('./en.entry.ts'),
    later: () => import('./en.later.ts'),
    files: () => import('./en.files.ts'),
  },
}

type Part = keyof (typeof FETCH)['es']

/** The language of the interface; switching it changes every sentence on screen, without a reload. */
export class I18n {
  #locale = $state<Locale>('es')
  #choice = $state<LocaleChoice>('system')
  #format = $derived(createFormat(this.#locale))
  /** Whoever shows a sentence beyond the first screen has asked for its part before. */
  readonly #said = { es: {}, en: {} } as Record<Locale, Dictionary>
  #parts: readonly Part[] = ['first']
  #texts = $state.raw(this.#said.es)
  readonly #languages: readonly string[]
  readonly #storage: Storage

  constructor(languages: readonly string[], storage: Storage) {
    this.#languages = languages
    this.#storage = storage
    fill(this.#said.es, first)
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
  complete(): Promise<void> {
    return this.#add('later')
  }

  /** What is said before somebody is in. */
  completeEntry(): Promise<void> {
    return this.#add('entry')
  }

  /** And what is said of files, which most conversations have none of. */
  completeFiles(): Promise<void> {
    return this.#add('files')
  }

  async choose(choice: LocaleChoice): Promise<void> {
    if (choice === 'system') this.#storage.removeItem(KEY)
    else this.#storage.setItem(KEY, choice)
    await this.#apply(choice)
  }

  async #apply(choice: LocaleChoice): Promise<void> {
    const locale = choice === 'system' ? preferredLocale(this.#languages) : choice
    await Promise.all(this.#parts.map((part) => this.#fetch(locale, part)))
    this.#texts = this.#said[locale]
    this.#locale = locale
    this.#choice = choice
    document.documentElement.lang = locale
  }

  #add(part: Part): Promise<void> {
    if (!this.#parts.includes(part)) this.#parts = [...this.#parts, part]
    // Whoever shows a part of the interface waits for this, and must not begin anew with another language.
    return this.#fetch(
      untrack(() => this.#locale),
      part,
    )
  }

  /** In place: what is on screen says nothing of it, and would otherwise be drawn again. */
  async #fetch(locale: Locale, part: Part): Promise<void> {
    const fetched: Readonly<Record<string, unknown>> = await FETCH[locale][part]()
    const alone = part === 'entry' || part === 'files'
    fill(this.#said[locale], alone ? fetched : (fetched[part] as Dictionary))
  }
}
