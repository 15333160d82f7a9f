export type Locale = 'es' | 'en'

/** What a person may choose; `system` follows the browser. */
export type LocaleChoice = Locale | 'system'

/** Spanish, unless the language the browser prefers is English. */
export function preferredLocale(languages: readonly string[]): Locale {
  return (languages[0] ?? '').toLowerCase().startsWith('en') ? 'en' : 'es'
}
