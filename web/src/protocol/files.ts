/** The HTTP operations on files; see "Files" in the protocol. */
import type { Outcome } from '../store/contract'
import type { Rest } from './rest'
import type { Changed, FileUsage, GalleryPage, SentFile, UploadCreation, UploadState } from './wire'

type Answer<T> = Promise<Outcome<T>>

/** A part of 64 KiB needs so long on a line of half a kilobyte a second. */
const PART_TIMEOUT_MS = 120_000
/** Thumbnails and posters are made before the answer. */
const COMPLETE_TIMEOUT_MS = 60_000
const PAGE = 60

export class FilesApi {
  readonly #rest: Rest

  constructor(rest: Rest) {
    this.#rest = rest
  }

  usage = (): Answer<FileUsage> => this.#rest.call('GET', '/files/usage')
  /** The same `upload_id` again gives the same file, and says how far it got. */
  declare = (body: UploadCreation, signal: AbortSignal): Answer<UploadState> =>
    this.#rest.call('POST', '/files', body, {}, { signal })
  put = (id: string, offset: number, part: Blob, signal: AbortSignal): Answer<UploadState> =>
    this.#rest.call('PUT', `/files/${id}/content`, part, { offset }, { signal, timeoutMs: PART_TIMEOUT_MS })
  complete = (id: string, sha256: string, signal: AbortSignal): Answer<SentFile> =>
    this.#rest.call(
      'POST',
      `/files/${id}/complete`,
      { sha256 },
      {},
      { signal, timeoutMs: COMPLETE_TIMEOUT_MS },
    )
  remove = (id: string): Answer<void> => this.#rest.call('DELETE', `/files/${id}`)
  gallery = (chat: string, kind: string, cursor?: string): Answer<GalleryPage> =>
    this.#rest.call('GET', `/chats/${chat}/files`, undefined, { kind, cursor, limit: PAGE })
  removePreview = (chat: string, message: string): Answer<Changed> =>
    this.#rest.call('DELETE', `/chats/${chat}/messages/${message}/preview`)
}

/** Where the bytes are; the browser's cookie opens it. */
export function contentOf(fileId: string, download = false): string {
  return `/api/v1/files/${fileId}/content${download ? '?download=1' : ''}`
}

export function variantOf(fileId: string, name: 'thumb' | 'preview'): string {
  return `/api/v1/files/${fileId}/variants/${name}`
}
