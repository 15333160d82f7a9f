/** Carries files to the server, each by its own steps; knows neither pages nor messages. */
import { problem, type ClientProblem } from '../../protocol/problem'
import type { Outcome } from '../contract'
import type { LocalFile } from '../state'
import { after, begun, nextStep, passes, sentOf, type News, type Step, type Upload } from './machine'

/** While one is being looked at by the server the next is on its way already. */
const AT_ONCE = 2

export interface Progress {
  sent: number
  size: number
  state: 'waiting' | 'sending' | 'finishing' | 'ready' | 'failed'
  /** Why it failed. */
  code: string | null
}

export interface Declared {
  file_id: string
  offset: number
  ready: boolean
  part_bytes: number
}

export interface UploaderPort {
  declare(file: LocalFile, signal: AbortSignal): Promise<Outcome<Declared>>
  put(fileId: string, from: number, part: Blob, signal: AbortSignal): Promise<Outcome<{ offset: number }>>
  complete(fileId: string, sha256: string, signal: AbortSignal): Promise<Outcome<unknown>>
  /** The server may forget it. */
  remove(fileId: string): void
  hash(blob: Blob, signal: AbortSignal): Promise<string>
  /** Null: it is not on this device any more. */
  blob(id: string): Promise<Blob | null>
  /** This tab is the one that sends. */
  leads(): boolean
  progress(id: string, progress: Progress): void
  now(): number
}

interface Job {
  upload: Upload
  blob: Blob | null
  hash: Promise<string | null> | null
  stop: AbortController
}

export class Uploader {
  readonly #port: UploaderPort
  readonly #jobs = new Map<string, Job>()

  constructor(port: UploaderPort) {
    this.#port = port
  }

  /**
   * The server's names of these files, once it has all of them whole. A refusal that passes may be followed
   * by the same call again, which goes on where this one ended. Calls `moved` with each piece that has arrived.
   */
  async bring(
    files: readonly LocalFile[],
    moved: () => void = () => undefined,
  ): Promise<Outcome<readonly string[]>> {
    const waiting = [...files]
    const refusals: ClientProblem[] = []
    const lane = async () => {
      for (let file = waiting.shift(); file !== undefined && refusals.length === 0; file = waiting.shift()) {
        const refusal = await this.#one(file, moved)
        if (refusal !== null) refusals.push(refusal)
      }
    }
    for (const file of files) {
      const { upload } = this.#job(file)
      this.#tell(file.id, upload, upload.ready ? 'ready' : 'waiting')
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    // One that stays outweighs one that passes: waiting would not help.
    const refusal = refusals.find((each) => !passes(each)) ?? refusals[0]
    if (refusal !== undefined) return { ok: false, problem: refusal }
    return { ok: true, value: files.map(({ id }) => this.#jobs.get(id)?.upload.file_id ?? '') }
  }

  /** The name that the server gave it. */
  fileId(id: string): string | null {
    return this.#jobs.get(id)?.upload.file_id ?? null
  }

  /** It is not to be sent any more; what the server has of it may go. */
  cancel(id: string): void {
    const job = this.#jobs.get(id)
    if (job === undefined) return
    this.forget(id)
    if (job.upload.file_id !== null) this.#port.remove(job.upload.file_id)
  }

  /** It is sent, or it is another tab's now. */
  forget(id: string): void {
    this.#jobs.get(id)?.stop.abort()
    this.#jobs.delete(id)
  }

  clear(): void {
    for (const id of [...this.#jobs.keys()]) this.forget(id)
  }

  #job(file: LocalFile): Job {
    const known = this.#jobs.get(file.id)
    if (known !== undefined) {
      // Refused once, and asked for again by a person.
      if (known.upload.code !== null) known.upload = { ...known.upload, offset: null, anew: 0, code: null }
      return known
    }
    const job: Job = { upload: begun(file.size), blob: null, hash: null, stop: new AbortController() }
    this.#jobs.set(file.id, job)
    return job
  }

  /** Null when it is ready. */
  async #one(file: LocalFile, moved: () => void): Promise<ClientProblem | null> {
    const job = this.#job(file)
    job.blob ??= await this.#port.blob(file.id)
    if (job.blob === null) return this.#fail(file.id, job, 'file_lost')
    for (let step = nextStep(job.upload); step !== null; step = nextStep(job.upload)) {
      // Given up, or another tab sends from now on: whoever asks again gets an answer there.
      if (isOver(job) || !this.#port.leads()) return problem('timeout')
      const news = await this.#take(file, job, job.blob, step)
      if (isOver(job)) return problem('timeout')
      if (news.type === 'put') moved()
      const refusal = this.#hear(file.id, job, news)
      if (refusal !== null) return refusal
    }
    const { code } = job.upload
    return code === null ? null : this.#fail(file.id, job, code)
  }

  /** Answers a refusal that passes. */
  #hear(id: string, job: Job, news: News): ClientProblem | null {
    job.upload = after(job.upload, news)
    const refusal = news.type === 'refused' && passes(news.problem) ? news.problem : null
    this.#tell(id, job.upload, refusal === null ? stateOf(job.upload) : 'waiting')
    return refusal
  }

  #fail(id: string, job: Job, code: string): ClientProblem {
    job.upload = { ...job.upload, code }
    this.#tell(id, job.upload, 'failed')
    return { ...problem('bad_request'), details: { reason: code } }
  }

  async #take(file: LocalFile, job: Job, blob: Blob, step: Step): Promise<News> {
    const { signal } = job.stop
    switch (step.do) {
      case 'declare':
        return newsOf(step, await this.#port.declare(file, signal), (value) => ({
          type: 'declared',
          ...value,
        }))
      case 'put': {
        job.hash ??= this.#hash(job, blob)
        const began = this.#port.now()
        const part = blob.slice(step.from, step.to)
        const outcome = await this.#port.put(step.file_id, step.from, part, signal)
        const took_ms = this.#port.now() - began
        return newsOf(step, outcome, ({ offset }) => ({ type: 'put', offset, took_ms }))
      }
      case 'hash': {
        const sha256 = await (job.hash ?? this.#hash(job, blob))
        job.hash = null
        if (sha256 !== null) return { type: 'hashed', sha256 }
        return {
          type: 'refused',
          step: 'hash',
          problem: { ...problem('bad_request'), details: { reason: 'file_lost' } },
        }
      }
      case 'complete':
        return newsOf(step, await this.#port.complete(step.file_id, step.sha256, signal), () => ({
          type: 'completed',
        }))
    }
  }

  /** While the bytes are on their way; null when they cannot be read, as when the file on disk was changed. */
  #hash(job: Job, blob: Blob): Promise<string | null> {
    return this.#port.hash(blob, job.stop.signal).catch(() => null)
  }

  #tell(id: string, upload: Upload, state: Progress['state']): void {
    this.#port.progress(id, { sent: sentOf(upload), size: upload.size, state, code: upload.code })
  }
}

function isOver({ stop }: Job): boolean {
  return stop.signal.aborted
}

function stateOf(upload: Upload): Progress['state'] {
  if (upload.ready) return 'ready'
  return upload.offset === upload.size ? 'finishing' : 'sending'
}

function newsOf<T>(step: Step, outcome: Outcome<T>, of: (value: T) => News): News {
  return outcome.ok ? of(outcome.value) : { type: 'refused', step: step.do, problem: outcome.problem }
}
