import { describe, expect, it, vi } from 'vitest'
import { LateFiles } from './late-files'
import type { Files, FilesPort } from './uploads/files.svelte'

const PORT = {} as FilesPort
const made = vi.fn()
const Made = class {
  readonly port: FilesPort

  constructor(port: FilesPort) {
    this.port = port
    made(port)
  }
} as unknown as typeof Files

describe('what files need', () => {
  it('is fetched and made once, however many ask for it', async () => {
    const fetch = vi.fn(() => Promise.resolve({ Files: Made }))
    const late = new LateFiles(PORT, fetch)
    expect(late.here).toBeNull()
    const [one, other] = await Promise.all([late.open(), late.open()])
    expect([one, await late.open(), late.here]).toEqual([other, other, other])
    expect(fetch).toHaveBeenCalledOnce()
    expect(made.mock.calls).toEqual([[PORT]])
  })

  it('is asked for again when it could not be had', async () => {
    const fetch = vi.fn(() => Promise.resolve({ Files: Made }))
    fetch.mockRejectedValueOnce(new Error('offline'))
    const late = new LateFiles(PORT, fetch)
    await expect(late.open()).rejects.toThrow('offline')
    expect(late.here).toBeNull()
    expect(await late.open()).toBe(late.here)
  })
})
