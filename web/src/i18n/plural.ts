/** The forms a count may take; `other` is the one every language has. */
type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>

/** Makes the chooser of a language: it answers the form that the language uses for `n`. */
export function plural(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale)
  return (n, forms) => forms[rules.select(n)] ?? forms.other
}
