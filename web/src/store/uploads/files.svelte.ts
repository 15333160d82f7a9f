/** Files on their way and files that were sent; fetched when the first one is seen or chosen. */
import { SvelteMap } from 'svelte/reactivity'
import { FilesApi as Api } from '../../protocol/files'
import { problem } from '../../protocol/problem'
import type { Rest } from '../../protocol/rest'
import type { FileUsage, GalleryEntry } from '../../protocol/wire'
import type { FilesApi, GalleryKind, NewFile, Outcome, Page, UploadProgress } from '../contract'
import type { Database } from '../db'
import type { LocalFile } from '../state'
import { hashOf } from './hasher'
import { pictures, sounds } from './pictures'
import { Shelf } from './shelf'
import { Uploader, type Declared, type UploaderPort } from './uploader'

/** The other tabs need not know of every piece. */
const TELL_MS = 300
/** Pictures sent from this page are shown from here, as long as they are among the last. */
const SENT_HERE = 30

export interface FilesPort {
  rest: Rest
  database(): Database | null
  leads(): boolean
  now(): number
  newId(): string
  /** The other tabs show the same progress. */
  tell(id: string, progress: UploadProgress): void
  /** Takes one file out of a message that is on its way. */
  take(messageId: string, fileId: string): void
}

export class Files implements FilesApi {
  readonly #port: FilesPort
  readonly #api: Api
  readonly #shelf: Shelf
  readonly #uploader: Uploader
  readonly #progress = new SvelteMap<string, UploadProgress>()
  readonly #told = new Map<string, number>()
  readonly #sentHere = new Map<string, Blob>()
  usage = $state.raw<FileUsage | null>(null)

  constructor(port: FilesPort) {
    this.#port = port
    this.#api = new Api(port.rest)
    this.#shelf = new Shelf(() => port.database())
    this.#uploader = new Uploader(this.#uploaderPort(() => port.leads()))
    void this.#shelf.sweep(port.now()).catch(() => undefined)
  }

  async ask(): Promise<void> {
    const outcome = await this.#api.usage()
    if (outcome.ok) this.usage = outcome.value
  }

  async keep(blob: Blob, about: NewFile): Promise<LocalFile> {
    const id = this.#port.newId()
    const safe = await this.#shelf.put(id, blob, this.#port.now())
    return { ...about, id, size: blob.size, ...(safe ? {} : { here: true as const }) }
  }

  blob(id: string): Promise<Blob | null> {
    return this.#shelf.get(id)
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) this.#uploader.cancel(id)
    this.#forget(ids)
  }

  /** This page alone has something that is to be sent. */
  get holds(): boolean {
    return this.#shelf.holds
  }

  progress(id: string): UploadProgress | undefined {
    return this.#progress.get(id)
  }

  cancel(messageId: string, id: string): void {
    this.#port.take(messageId, id)
  }

  sentHere(fileId: string): Blob | null {
    return this.#sentHere.get(fileId) ?? null
  }

  async gallery(chatId: string, kind: GalleryKind, cursor?: string): Promise<Outcome<Page<GalleryEntry>>> {
    const outcome = await this.#api.gallery(chatId, kind, cursor)
    if (!outcome.ok) return outcome
    const { files: items, next_cursor } = outcome.value
    return { ok: true, value: { items, next_cursor } }
  }

  removePreview(chatId: string, messageId: string): Promise<Outcome<unknown>> {
    return this.#api.removePreview(chatId, messageId)
  }

  /** The name of a face or of a chat's picture. */
  async picture(blob: Blob): Promise<Outcome<string>> {
    const id = this.#port.newId()
    const port = this.#uploaderPort(() => true, 'picture')
    const uploader = new Uploader({ ...port, blob: () => Promise.resolve(blob), progress: () => undefined })
    const outcome = await uploader.bring([
      { id, name: 'picture', size: blob.size, type: blob.type, width: null, height: null, alt: '' },
    ])
    if (!outcome.ok) return outcome
    const [fileId] = outcome.value
    return fileId === undefined ? { ok: false, problem: problem('unexpected') } : { ok: true, value: fileId }
  }

  /** The names of a message's files, once all are there. */
  bring(files: readonly LocalFile[], moved: () => void): Promise<Outcome<readonly string[]>> {
    return this.#uploader.bring(files, moved)
  }

  /** The message is sent: what was kept for it may go. */
  async sent(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const fileId = this.#uploader.fileId(id)
      const blob = fileId === null ? null : await this.#shelf.get(id)
      if (fileId !== null && blob !== null) this.#remember(fileId, blob)
    }
    this.#forget(ids)
  }

  /** Another tab sends. */
  heard(id: string, progress: UploadProgress): void {
    this.#progress.set(id, progress)
  }

  /** Nobody is here any more. */
  clear(): void {
    this.#uploader.clear()
    this.#shelf.clear()
    this.#progress.clear()
    this.#sentHere.clear()
    pictures.clear()
    sounds.clear()
    this.usage = null
  }

  #forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#uploader.forget(id)
      this.#progress.delete(id)
      this.#told.delete(id)
    }
    void this.#shelf.remove(ids)
  }

  #remember(fileId: string, blob: Blob): void {
    this.#sentHere.set(fileId, blob)
    const [oldest] = this.#sentHere.keys()
    if (this.#sentHere.size > SENT_HERE && oldest !== undefined) this.#sentHere.delete(oldest)
  }

  #uploaderPort(leads: () => boolean, purpose: 'message' | 'picture' = 'message'): UploaderPort {
    return {
      declare: (file, signal) => this.#declare(file, purpose, signal),
      put: (id, from, part, signal) => this.#api.put(id, from, part, signal),
      complete: (id, sha256, signal) => this.#api.complete(id, sha256, signal),
      remove: (id) => void this.#api.remove(id),
      hash: hashOf,
      blob: (id) => this.#shelf.get(id),
      leads,
      progress: (id, progress) => this.#note(id, progress),
      now: () => this.#port.now(),
    }
  }

  async #declare(
    { id, name, size, duration_ms, waveform, alt }: LocalFile,
    purpose: 'message' | 'picture',
    signal: AbortSignal,
  ): Promise<Outcome<Declared>> {
    const voice =
      waveform === undefined ? {} : { voice: { duration_ms: duration_ms ?? 0, waveform: [...waveform] } }
    const told = { upload_id: id, name, size, purpose, ...voice, ...(alt === '' ? {} : { alt }) }
    const outcome = await this.#api.declare(told, signal)
    if (!outcome.ok) return outcome
    const { file_id, offset, state, part_bytes } = outcome.value
    return { ok: true, value: { file_id, offset, ready: state === 'ready', part_bytes } }
  }

  #note(id: string, progress: UploadProgress): void {
    this.#progress.set(id, progress)
    const now = this.#port.now()
    const last = this.#told.get(id) ?? 0
    if (progress.state === 'sending' && now - last < TELL_MS) return
    this.#told.set(id, now)
    this.#port.tell(id, progress)
  }
}
