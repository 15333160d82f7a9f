/** One file's way to the server, without I/O: what is known of it decides what to do next. */
import type { ClientProblem } from '../../protocol/problem'

/** A request shorter than this is mostly overhead. */
const PIECE_MIN = 64 * 1024
const PIECE_FIRST = 256 * 1024
/** So long may a piece take on a line of any speed: progress is seen, and little is lost with it. */
const CALM_MS = 2_000
const QUICK_MS = 700
/** A short request says little of a long one: so many times as large is the next one at most. */
const GROWTH_MAX = 16
/** What the server has otherwise than expected is sent anew; more often than that it is a fault. */
const ANEW_MAX = 3

export interface Upload {
  readonly size: number
  /** The server's name for it, once it is declared there. */
  readonly file_id: string | null
  /** Bytes that the server has; null when it has to be asked. */
  readonly offset: number | null
  /** Those that it was last known to have, also while it has to be asked. */
  readonly safe: number
  /** As far as the server takes it in one request. */
  readonly part_bytes: number
  /** How much to send at once. */
  readonly piece: number
  readonly sha256: string | null
  /** It is whole on the server, and a message may name it. */
  readonly ready: boolean
  /** How often it was begun anew. */
  readonly anew: number
  /** Why it cannot be sent: a code, or the reason that the refusal gives. */
  readonly code: string | null
}

export type Step =
  /** Tells the server of it, or asks how far it got: the same name again gives the same answer. */
  | { do: 'declare' }
  | { do: 'put'; file_id: string; from: number; to: number }
  | { do: 'hash' }
  | { do: 'complete'; file_id: string; sha256: string }

export type News =
  | { type: 'declared'; file_id: string; offset: number; ready: boolean; part_bytes: number }
  | { type: 'put'; offset: number; took_ms: number }
  | { type: 'hashed'; sha256: string }
  | { type: 'completed' }
  | { type: 'refused'; step: Step['do']; problem: ClientProblem }

export function begun(size: number): Upload {
  return {
    size,
    file_id: null,
    offset: null,
    safe: 0,
    part_bytes: PIECE_FIRST,
    piece: PIECE_FIRST,
    sha256: null,
    ready: false,
    anew: 0,
    code: null,
  }
}

/** Null: there is nothing more to do, it is ready or it has failed. */
export function nextStep({
  size,
  file_id,
  offset,
  part_bytes,
  piece,
  sha256,
  ready,
  code,
}: Upload): Step | null {
  if (ready || code !== null) return null
  if (file_id === null || offset === null) return { do: 'declare' }
  if (offset < size) {
    const to = Math.min(size, offset + Math.min(piece, part_bytes))
    return { do: 'put', file_id, from: offset, to }
  }
  return sha256 === null ? { do: 'hash' } : { do: 'complete', file_id, sha256 }
}

export function after(upload: Upload, news: News): Upload {
  const next = changed(upload, news)
  const known = next.file_id === null ? 0 : upload.safe
  return { ...next, safe: next.offset ?? known }
}

function changed(upload: Upload, news: News): Upload {
  switch (news.type) {
    case 'declared': {
      const { file_id, offset, ready, part_bytes } = news
      return { ...upload, file_id, offset, ready, part_bytes }
    }
    case 'put':
      return {
        ...upload,
        offset: news.offset,
        piece: nextPiece(Math.min(upload.piece, upload.part_bytes), news.took_ms),
      }
    case 'hashed':
      return { ...upload, sha256: news.sha256 }
    case 'completed':
      return { ...upload, ready: true }
    case 'refused':
      return refused(upload, news.step, news.problem)
  }
}

/** The bytes that are safe with the server, as far as it is known. */
export function sentOf({ size, ready, safe }: Upload): number {
  return ready ? size : Math.min(size, safe)
}

/** It says nothing of the file: who waits and tries again is the caller, and asks the server first how far it got. */
export function passes({ code, retryable }: ClientProblem): boolean {
  return retryable || code === 'unauthenticated' || code === 'session_expired'
}

function refused(upload: Upload, step: Step['do'], problem: ClientProblem): Upload {
  if (passes(problem)) return { ...upload, offset: null, piece: PIECE_MIN }
  const { reason, offset } = problem.details ?? {}
  if (problem.code === 'conflict' && reason === 'hash_mismatch')
    return again(upload, { offset: 0, sha256: null })
  if (problem.code === 'conflict') return again(upload, { offset: placeOf(offset, upload.size) })
  // Given up by the server, after a day without a byte.
  if (problem.code === 'not_found' && step !== 'declare')
    return again(upload, { file_id: null, offset: null })
  return { ...upload, code: reason ?? problem.code }
}

function placeOf(offset: string | undefined, size: number): number | null {
  const place = Number(offset)
  return offset !== undefined && Number.isInteger(place) && place >= 0 && place <= size ? place : null
}

function again(upload: Upload, from: Partial<Upload>): Upload {
  if (upload.anew >= ANEW_MAX) return { ...upload, code: 'unexpected' }
  return { ...upload, ...from, anew: upload.anew + 1 }
}

function nextPiece(piece: number, took: number): number {
  if (took > CALM_MS) return Math.max(PIECE_MIN, Math.floor(piece / 2))
  if (took >= QUICK_MS) return piece
  // As the line was, the next one takes twice as long as a quick one may.
  return piece * Math.min(GROWTH_MAX, Math.floor((2 * QUICK_MS) / Math.max(1, took)))
}
