/// <reference lib="webworker" />
import { hashWhole } from './hashing'

declare const self: DedicatedWorkerGlobalScope

self.addEventListener('message', ({ data }: MessageEvent<Blob>) => {
  void hashWhole(data).then(
    (sha256) => self.postMessage({ sha256 }),
    () => self.postMessage({ sha256: null }),
  )
})
