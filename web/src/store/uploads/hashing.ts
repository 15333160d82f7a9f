/** The hash of a file, piece by piece, so that neither memory nor the page is held up. */
import { Sha256 } from './sha256'

const PIECE = 512 * 1024
/** Each is a hundredth of a second of work on a slow telephone. */
const PAUSE = 64 * 1024

/** Where there is no worker: in pieces so small that the page is not held up in between. */
export async function hashHere(blob: Blob): Promise<string> {
  const hash = new Sha256()
  for (let at = 0; at < blob.size; at += PIECE) {
    const bytes = new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())
    for (let from = 0; from < bytes.length; from += PAUSE) {
      hash.update(bytes.subarray(from, from + PAUSE))
      await turn()
    }
  }
  return hash.hex()
}

/** In a worker, which reads the file by itself. */
export async function hashWhole(blob: Blob): Promise<string> {
  const hash = new Sha256()
  for (let at = 0; at < blob.size; at += PIECE) {
    hash.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()))
  }
  return hash.hex()
}

/** A turn of the loop; timers of pages in the background would wait a second. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
