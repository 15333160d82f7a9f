/** Without case, accents and joiners, for comparing what people type: `Reunión` → `reunion`. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}\u200c\u200d]/gu, '')
    .toLowerCase()
}
