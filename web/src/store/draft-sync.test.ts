import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import { DraftSync, type SharedDraft } from './draft-sync'
import { dice } from './fixtures'

const CHAT = 'chat-1'

/** The server's rule for drafts, and the devices that hear of each change. */
class Server {
  draft: SharedDraft = { text: '', version: 0 }
  readonly devices: Device[] = []
  online = true

  put(wanted: SharedDraft) {
    if (!this.online) return { ok: false as const, problem: problem('offline') }
    if (wanted.text === this.draft.text) return { ok: true as const, value: this.draft }
    if (wanted.version !== this.draft.version) {
      const details = { text: this.draft.text, version: String(this.draft.version) }
      return { ok: false as const, problem: { ...problem('conflict'), details } }
    }
    this.draft = { text: wanted.text, version: this.draft.version + 1 }
    for (const device of this.devices) device.queue.push(this.draft)
    return { ok: true as const, value: this.draft }
  }
}

class Device {
  text = ''
  offered: string[] = []
  readonly queue: SharedDraft[] = []
  readonly sync: DraftSync

  constructor(server: Server) {
    server.devices.push(this)
    this.sync = new DraftSync({
      put: (_chat, draft) => Promise.resolve(server.put(draft)),
      text: () => this.text,
      show: (_chat, text) => (this.text = text),
      offer: (_chat, text) => this.offered.push(text),
      agreed: () => undefined,
    })
  }

  type(text: string): void {
    this.text = text
    this.sync.typed(CHAT)
  }

  /** Writes a letter, clears everything, or takes in what came. */
  does(random: () => number): void {
    const luck = random()
    if (luck < 0.5) this.type(`${this.text}${String.fromCodePoint(97 + Math.floor(random() * 26))}`)
    else if (luck < 0.6) this.type('')
    else this.hear()
  }

  hear(): void {
    for (const draft of this.queue.splice(0)) this.sync.heard(CHAT, draft)
  }
}

const rest = () => vi.advanceTimersByTimeAsync(20_000)

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

describe('drafts of two devices', () => {
  it('follow the person', async () => {
    const server = new Server()
    const [one, two] = [new Device(server), new Device(server)]
    one.type('hola')
    await rest()
    two.hear()
    expect(two.text).toBe('hola')
    two.type('')
    await rest()
    one.hear()
    expect(one.text).toBe('')
    expect(server.draft).toEqual({ text: '', version: 2 })
  })

  it('never overwrite what is being typed; what the other wrote is offered', async () => {
    const server = new Server()
    const [one, two] = [new Device(server), new Device(server)]
    one.type('desde el teléfono')
    two.type('desde el computador')
    await vi.advanceTimersByTimeAsync(0)
    await rest()
    one.hear()
    two.hear()
    await rest()
    const texts = [one.text, two.text]
    expect(texts).toContain('desde el computador')
    const kept = [...texts, ...one.offered, ...two.offered]
    expect(kept).toEqual(expect.arrayContaining(['desde el teléfono', 'desde el computador']))
  })

  it('what was sent is not written again by the news of its own draft', async () => {
    const server = new Server()
    const device = new Device(server)
    let answer = (): void => undefined
    const put = server.put.bind(server)
    server.put = (wanted) => {
      const outcome = put(wanted)
      return new Promise((resolve) => {
        answer = () => {
          resolve(outcome)
        }
      }) as never
    }
    device.type('hola')
    await vi.advanceTimersByTimeAsync(1_000)
    // Sent: the composer is empty while the server still answers.
    device.type('')
    device.hear()
    expect(device.text).toBe('')
    server.put = put
    answer()
    await rest()
    device.hear()
    expect([device.text, server.draft.text, device.offered]).toEqual(['', '', []])
  })

  it('what is typed further is no conflict with its own beginning', async () => {
    const server = new Server()
    const [one, two] = [new Device(server), new Device(server)]
    one.type('ho')
    await rest()
    one.type('hola')
    one.hear()
    expect([one.text, one.offered]).toEqual(['hola', []])
    await rest()
    two.hear()
    expect(two.text).toBe('hola')
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('end equal after any interleaving, seed %i', async (seed) => {
    const server = new Server()
    const devices = [new Device(server), new Device(server), new Device(server)]
    const random = dice(seed)
    for (let step = 0; step < 60; step += 1) {
      devices[Math.floor(random() * 3)]?.does(random)
      if (random() < 0.2) await vi.advanceTimersByTimeAsync(random() * 2_000)
    }
    for (let round = 0; round < 4; round += 1) {
      await rest()
      for (const device of devices) device.hear()
    }
    expect(devices.map(({ text }) => text)).toEqual(devices.map(() => server.draft.text))
  })
})
