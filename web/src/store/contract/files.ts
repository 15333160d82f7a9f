/** What is to be sent, and what was. */
import type { FileUsage, GalleryEntry } from '../../protocol/wire'
import type { LocalFile } from '../state'
import type { Outcome, Page } from './outcome'

/** How far a file that is to be sent has got. */
export interface UploadProgress {
  /** Bytes that are safe with the server. */
  sent: number
  size: number
  state: 'waiting' | 'sending' | 'finishing' | 'ready' | 'failed'
  /** Why it failed: an error code or a reason of the server. */
  code: string | null
}

export type NewFile = Omit<LocalFile, 'id' | 'size' | 'here' | 'full'>
export type GalleryKind = 'media' | 'files' | 'voice'

/** `store.files`, once `openFiles` is done: what is to be sent, and what was. */
export interface FilesApi {
  /** What the server takes; null until `ask` has been answered. */
  readonly usage: FileUsage | null
  ask(): Promise<void>
  /** Puts the bytes aside for the composer, where they outlive the page. */
  keep(blob: Blob, about: NewFile): Promise<LocalFile>
  /** The bytes of one that is not sent yet; null when no page has them any more. */
  blob(id: string): Promise<Blob | null>
  /** Gives those up that are in no message. */
  drop(ids: readonly string[]): void
  progress(id: string): UploadProgress | undefined
  /** Takes one out of a message that is on its way; the others go on. */
  cancel(messageId: string, id: string): void
  /** The bytes of a file that was sent from this page, so that it need not come back. */
  sentHere(fileId: string): Blob | null
  /** Newest first. */
  gallery(chatId: string, kind: GalleryKind, cursor?: string): Promise<Outcome<Page<GalleryEntry>>>
  /** Takes the preview of a link off my message, for everybody. */
  removePreview(chatId: string, messageId: string): Promise<Outcome<unknown>>
  /** Brings a square picture to the server: the file id of a face, or of a chat's picture. */
  picture(blob: Blob): Promise<Outcome<string>>
}
