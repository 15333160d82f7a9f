/** Without case and accents, for comparing what people type: `Reunión` → `reunion`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
