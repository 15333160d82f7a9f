import { beforeEach, describe, expect, it, vi } from 'vitest'
import { problem } from '../protocol/problem'
import { DraftSync, type SharedDraft } from './draft-sync'
import { dice } from './fixtures'

const CHAT = 'chat-1'
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1)

/** The server's rule for drafts, and the devices that hear of each change. */
class Server {
  draft: SharedDraft = { text: '', version: 0 }
  readonly devices: Device[] = []
  /** Texts that were replaced by a device on which nobody could have seen them. */
  readonly lost: string[] = []

  put(wanted: SharedDraft, from: Device) {
    if (wanted.text === this.draft.text) return { ok: true as const, value: this.draft }
    if (wanted.version !== this.draft.version) {
      const details = { text: this.draft.text, version: String(this.draft.version) }
      return { ok: false as const, problem: { ...problem('conflict'), details } }
    }
    if (!from.has(this.draft.text, wanted.text)) this.lost.push(this.draft.text)
    this.draft = { text: wanted.text, version: this.draft.version + 1 }
    for (const device of this.devices) device.queue.push(this.draft)
    return { ok: true as const, value: this.draft }
  }
}

class Device {
  text = ''
  other: string | null = null
  online = true
  /** Its answers get lost on the way. */
  deaf = false
  readonly #seen = new Set([''])
  readonly queue: SharedDraft[] = []
  readonly sync: DraftSync

  constructor(server: Server) {
    server.devices.push(this)
    this.sync = new DraftSync({
      put: (_chat, draft) => {
        const outcome = this.online ? server.put(draft, this) : null
        return Promise.resolve(outcome === null || this.deaf ? offline() : outcome)
      },
      text: () => this.text,
      show: (_chat, text) => this.#stands(text),
      offer: (_chat, text) => (this.other = text),
      offered: () => this.other,
      agreed: () => undefined,
    })
  }

  #stands(text: string): void {
    this.text = text
    this.#seen.add(text)
  }

  has(text: string, now: string): boolean {
    return this.#seen.has(text) || now.includes(text.trim())
  }

  type(text: string): void {
    this.#stands(text)
    this.sync.typed(CHAT)
  }

  /** As `Drafts` does it. */
  settle(take: boolean): void {
    if (this.other === null) return
    this.#seen.add(this.other)
    if (take) this.text = this.other
    this.other = null
    this.sync.typed(CHAT)
  }

  /** Writes a letter, clears everything, decides on an offer, loses or finds the network, or takes in what came. */
  does(random: () => number): void {
    const luck = random()
    if (luck < 0.4) this.type(`${this.text}${String.fromCodePoint(97 + Math.floor(random() * 26))}`)
    else if (luck < 0.5) this.type('')
    else if (luck < 0.6) this.settle(random() < 0.5)
    else if (luck < 0.7) this.online = false
    else this.returns()
  }

  leaves(): void {
    this.online = false
  }

  /** The news come first, then what waited is told. */
  returns(): void {
    this.online = true
    this.deaf = false
    this.hear()
    this.sync.connected([CHAT])
  }

  hear(): void {
    if (this.online) for (const draft of this.queue.splice(0)) this.sync.heard(CHAT, draft)
  }
}

const offline = () => ({ ok: false as const, problem: problem('offline') })
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

  it('a text that nobody touched follows the other device, also where it was written', async () => {
    const server = new Server()
    const [phone, desktop] = [new Device(server), new Device(server)]
    phone.type('Profe, la entrega del lunes')
    await rest()
    desktop.hear()
    desktop.type('Profe, el informe')
    await rest()
    phone.hear()
    expect([phone.text, phone.other, desktop.other]).toEqual(['Profe, el informe', null, null])
    expect(server.draft.version).toBe(2)
  })

  it('never overwrite what is being typed; what the other wrote is offered to the later one', async () => {
    const server = new Server()
    const [one, two] = [new Device(server), new Device(server)]
    one.type('desde el teléfono')
    two.type('desde el computador')
    await rest()
    one.hear()
    two.hear()
    await rest()
    expect([one.text, one.other]).toEqual(['desde el teléfono', null])
    expect([two.text, two.other]).toEqual(['desde el computador', 'desde el teléfono'])
    expect(server.draft.text).toBe('desde el teléfono')
  })

  describe('one comes back late', () => {
    async function late() {
      const server = new Server()
      const [phone, desktop] = [new Device(server), new Device(server)]
      phone.leaves()
      phone.type('del teléfono')
      desktop.type('del escritorio')
      await rest()
      desktop.hear()
      phone.returns()
      await rest()
      desktop.hear()
      return { server, phone, desktop }
    }

    it('and keeps its text, offers the other, and puts nothing over what it had not seen', async () => {
      const { server, phone, desktop } = await late()
      expect([phone.text, phone.other]).toEqual(['del teléfono', 'del escritorio'])
      expect([desktop.text, desktop.other]).toEqual(['del escritorio', null])
      phone.type('del teléfono, y más')
      await rest()
      expect(server.draft).toEqual({ text: 'del escritorio', version: 1 })
    })

    it('and hears of the other only from the refusal', async () => {
      const server = new Server()
      const [phone, desktop] = [new Device(server), new Device(server)]
      desktop.type('del escritorio')
      await rest()
      phone.type('del teléfono')
      await rest()
      expect([phone.text, phone.other]).toEqual(['del teléfono', 'del escritorio'])
      expect(server.draft).toEqual({ text: 'del escritorio', version: 1 })
    })

    it.each([
      [true, 'del escritorio'],
      [false, 'del teléfono'],
    ])('and what its person decides (taken: %s) is on both', async (take, text) => {
      const { server, phone, desktop } = await late()
      phone.settle(take)
      await rest()
      desktop.hear()
      phone.hear()
      expect([phone.text, desktop.text, server.draft.text]).toEqual([text, text, text])
      expect([phone.other, desktop.other]).toEqual([null, null])
    })

    it('and the offer is what stands there now', async () => {
      const { phone, desktop } = await late()
      desktop.type('del escritorio, más largo')
      await rest()
      phone.hear()
      expect([phone.text, phone.other]).toEqual(['del teléfono', 'del escritorio, más largo'])
    })

    it('and once the other was sent its own is told', async () => {
      const { server, phone, desktop } = await late()
      desktop.type('')
      await rest()
      desktop.hear()
      phone.hear()
      expect([phone.text, phone.other]).toEqual(['del teléfono', null])
      await rest()
      desktop.hear()
      expect([desktop.text, server.draft.text]).toEqual(['del teléfono', 'del teléfono'])
    })

    it('and sends its own: the other stays where it was written', async () => {
      const { server, phone, desktop } = await late()
      phone.type('')
      await rest()
      desktop.hear()
      expect([phone.other, desktop.text]).toEqual(['del escritorio', 'del escritorio'])
      desktop.type('')
      await rest()
      phone.hear()
      expect([phone.text, phone.other, server.draft.text]).toEqual(['', null, ''])
    })

    it('with more of the same text: nothing is lost, so nothing is asked', async () => {
      const server = new Server()
      const [phone, desktop] = [new Device(server), new Device(server)]
      phone.leaves()
      phone.type('hola a todos')
      desktop.type('hola')
      await rest()
      desktop.hear()
      phone.returns()
      await rest()
      desktop.hear()
      expect([desktop.text, desktop.other, phone.other]).toEqual(['hola a todos', null, null])
    })

    it('with what it had told before: its own words are no offer, and sent they do not come back', async () => {
      const server = new Server()
      const phone = new Device(server)
      phone.deaf = true
      phone.type('hola')
      await rest()
      phone.leaves()
      phone.type('')
      await rest()
      phone.returns()
      await rest()
      expect([phone.text, phone.other, server.draft.text]).toEqual(['', null, ''])
    })
  })

  it('what was sent is not written again by the news of its own draft', async () => {
    const server = new Server()
    const device = new Device(server)
    let answer = (): void => undefined
    const put = server.put.bind(server)
    server.put = (wanted, from) => {
      const outcome = put(wanted, from)
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
    expect([device.text, server.draft.text, device.other]).toEqual(['', '', null])
  })

  it('what is typed further is no conflict with its own beginning', async () => {
    const server = new Server()
    const [one, two] = [new Device(server), new Device(server)]
    one.type('ho')
    await rest()
    one.type('hola')
    one.hear()
    expect([one.text, one.other]).toEqual(['hola', null])
    await rest()
    two.hear()
    expect(two.text).toBe('hola')
  })

  it.each(SEEDS)('lose nothing unseen and end equal after any interleaving, seed %i', async (seed) => {
    const server = new Server()
    const devices = [new Device(server), new Device(server), new Device(server)]
    const random = dice(seed)
    for (let step = 0; step < 60; step += 1) {
      devices[Math.floor(random() * 3)]?.does(random)
      if (random() < 0.2) await vi.advanceTimersByTimeAsync(random() * 2_000)
    }
    // As long as two words stand against each other they may differ; each decision is one.
    for (let round = 0; round < 6; round += 1) {
      for (const device of devices) {
        device.returns()
        device.settle(random() < 0.5)
        await rest()
      }
    }
    for (const device of devices) device.hear()
    expect(server.lost).toEqual([])
    expect(devices.map(({ other }) => other)).toEqual(devices.map(() => null))
    expect(devices.map(({ text }) => text)).toEqual(devices.map(() => server.draft.text))
  })
})
