/** Files as rows show them: sent ones, and mine that are on their way. */
import { kindOf } from '../../protocol/kinds.ts'
import type { FileKind, SentFile } from '../../protocol/wire.ts'
import type { LocalFile } from '../../store/state.ts'

export type AnyFile = SentFile | LocalFile

/** A row of a list; all are equally high, so that the room is known before they are drawn. */
export const ROW_PX = 60
export const ROW_GAP_PX = 4

export function isSent(file: AnyFile): file is SentFile {
  return 'file_id' in file
}

export function keyOf(file: AnyFile): string {
  return isSent(file) ? file.file_id : file.id
}

export function kindOfFile(file: AnyFile): FileKind {
  return isSent(file) ? file.kind : kindOf(file)
}

/** Pictures and films stand side by side; everything else one under the other. */
export function isVisual(file: AnyFile): boolean {
  const kind = kindOfFile(file)
  return kind === 'image' || kind === 'video'
}
