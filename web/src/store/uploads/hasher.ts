/** Hashes in a worker, one file after the other; where there is none, here. */
import address from './hash.worker.ts?worker&url'
import { hashHere } from './hashing'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

export async function hashOf(blob: Blob, signal: AbortSignal): Promise<string> {
  const worker = start()
  if (worker === null) return hashHere(blob)
  try {
    return await answer(worker, blob, signal)
  } catch (refusal) {
    if (signal.aborted) throw refusal
    // A worker that cannot be loaded, as on a page that has been offline since it was opened.
    return await hashHere(blob)
  } finally {
    worker.terminate()
  }
}

function start(): Worker | null {
  try {
    return new Worker(trusted(), { type: 'module' })
  } catch {
    return null
  }
}

function answer(worker: Worker, blob: Blob, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ sha256: string | null }>) => {
      if (data.sha256 === null) reject(new Error('unreadable'))
      else resolve(data.sha256)
    }
    worker.onerror = () => reject(new Error('no worker'))
    signal.addEventListener('abort', () => reject(new Error('given up')), { once: true })
    worker.postMessage(blob)
  })
}

/** The content security policy lets only our own policies name a script. */
function trusted(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  if (types === undefined) return address
  return types.createPolicy('hash', { createScriptURL: () => address }).createScriptURL(address)
}
