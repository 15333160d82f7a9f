/** Which of a file's pictures is to be shown. */
import { contentOf, variantOf } from '../../protocol/files.ts'
import type { SentFile } from '../../protocol/wire.ts'

/** Null: there is nothing to show, as of a film whose first picture nobody could make. */
export function pictureOf(file: SentFile, large: boolean): string | null {
  const has = (name: 'thumb' | 'preview') => file.variants.some((variant) => variant.name === name)
  // A moving picture moves only as it was sent.
  if (file.kind === 'image' && file.type === 'image/gif' && file.size < 3_000_000)
    return contentOf(file.file_id)
  if (large && has('preview')) return variantOf(file.file_id, 'preview')
  if (large && file.kind === 'image') return contentOf(file.file_id)
  if (has('thumb')) return variantOf(file.file_id, 'thumb')
  return file.kind === 'image' ? contentOf(file.file_id) : null
}
