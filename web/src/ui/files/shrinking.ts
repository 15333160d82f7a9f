/** All photos of a composer smaller, and back; the originals stay at hand until it is sent. */
import { kindOf } from '../../protocol/kinds.ts'
import type { FilesApi } from '../../store/contract.ts'
import type { LocalFile } from '../../store/state.ts'
import { mayShrink, shrunk } from './shrink.ts'

export function canShrink(files: readonly LocalFile[]): boolean {
  return files.some((file) => file.full !== undefined || (kindOf(file) === 'image' && mayShrink(file)))
}

export function isShrunk(files: readonly LocalFile[]): boolean {
  return files.some(({ full }) => full !== undefined)
}

export async function smaller(store: FilesApi, file: LocalFile): Promise<LocalFile> {
  if (file.full !== undefined || kindOf(file) !== 'image' || !mayShrink(file)) return file
  const blob = await store.blob(file.id)
  const small = blob === null ? null : await shrunk(blob)
  if (small === null) return file
  const { name, alt } = file
  const { width, height } = small
  const kept = await store.keep(small.blob, {
    name: named(name, small.blob.type),
    type: small.blob.type,
    width,
    height,
    alt,
  })
  return { ...kept, full: file }
}

/** As it was chosen; what was said of it meanwhile stays. */
export function asChosen(file: LocalFile): LocalFile {
  return file.full === undefined ? file : { ...file.full, alt: file.alt }
}

function named(name: string, type: string): string {
  if (type !== 'image/webp' || /\.webp$/i.test(name)) return name
  return `${name.replace(/\.[^.]{1,5}$/, '')}.webp`
}
