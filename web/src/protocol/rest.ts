/** HTTP calls that answer an `Outcome`, never an exception; the session is the browser's cookie. */
import type { Outcome } from '../store/contract'
import { decodeProblem, problem } from './problem'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Record<string, string | number | undefined>

const BASE = '/api/v1'
const TIMEOUT_MS = 20_000

export interface Extra {
  /** The page is going away, and the request goes on without it. */
  keepalive?: boolean
  /** Gives it up; the answer is then `offline`. */
  signal?: AbortSignal
  timeoutMs?: number
}

export interface RestOptions {
  fetch: typeof globalThis.fetch
  /** Where the server is; empty in a browser. */
  origin?: string
}

export class Rest {
  readonly #options: RestOptions

  constructor(options: RestOptions) {
    this.#options = options
  }

  /** The answer's body, `undefined` when there is none. Its type is the protocol's promise. */
  async call<T>(
    method: Method,
    path: string,
    body?: unknown,
    query: Query = {},
    extra: Extra = {},
  ): Promise<Outcome<T>> {
    const url = (this.#options.origin ?? '') + BASE + path + search(query)
    try {
      const response = await this.#options.fetch(url, this.#request(method, body, extra))
      return await decode<T>(response)
    } catch {
      return { ok: false, problem: problem('offline') }
    }
  }

  #request(
    method: Method,
    body: unknown,
    { keepalive = false, signal, timeoutMs = TIMEOUT_MS }: Extra,
  ): RequestInit {
    const bytes = body instanceof Blob
    return {
      method,
      keepalive,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: either(AbortSignal.timeout(timeoutMs), signal),
      headers: {
        Accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'Content-Type': bytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    }
  }
}

/** The oldest browsers of the floor cannot join signals themselves. */
function either(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  if (second === undefined) return first
  // Leaves nothing behind on a signal that many requests have in common.
  if ('any' in AbortSignal) return AbortSignal.any([first, second])
  const both = new AbortController()
  for (const signal of [first, second]) {
    if (signal.aborted) both.abort()
    else signal.addEventListener('abort', () => both.abort(), { once: true })
  }
  return both.signal
}

async function decode<T>(response: Response): Promise<Outcome<T>> {
  const text = await response.text()
  const body = parse(text)
  if (response.ok) return { ok: true, value: body as T }
  return { ok: false, problem: decodeProblem(body) }
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function search(query: Query): string {
  const known = Object.entries(query).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  )
  return known.length === 0
    ? ''
    : `?${new URLSearchParams(known.map(([key, value]) => [key, String(value)]))}`
}
