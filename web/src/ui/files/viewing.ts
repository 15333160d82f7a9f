import type { SentFile } from '../../protocol/wire.ts'
import type { Ui } from '../ui.svelte.ts'
import type { FileMessage } from './parts.ts'

/** What the viewer shows: one file of several, and where the focus goes afterwards. */
export interface Viewing {
  files: readonly SentFile[]
  at: number
  message: Pick<FileMessage, 'chatId' | 'seq' | 'author'>
  from: HTMLElement | null
}

export function openViewer(
  ui: Pick<Ui, 'viewing'>,
  files: readonly SentFile[],
  file: SentFile,
  message: Viewing['message'],
  from: HTMLElement | null,
): void {
  ui.viewing = { files, at: Math.max(0, files.indexOf(file)), message, from }
}
