/** What the tests of the outbox have in common. */
import { vi } from 'vitest'
import { problem } from '../protocol/problem'
import type { Outcome } from './contract'
import { idOf } from './fixtures'
import { Outbox, type Confirmation, type OutboxChange } from './outbox'
import { Sender } from './sender'
import type { OutboxEntry } from './state'

export const CHAT = 'chat-1'

/** An outbox over a server that takes what it is given as it is told to. */
export class Line {
  readonly performed: string[] = []
  readonly stored: Map<string, OutboxEntry>
  readonly told: OutboxChange[] = []
  readonly ended: string[] = []
  readonly back: string[] = []
  carried = false
  leads = true
  online = true
  answers: (entry: OutboxEntry, moved: () => void) => Promise<Outcome<Confirmation>> = () => accepted()
  readonly outbox = new Outbox({
    perform: (entry, moved) => {
      this.performed.push(entry.id)
      return this.answers(entry, moved)
    },
    store: (entry) => {
      this.stored.set(entry.id, entry)
      return Promise.resolve()
    },
    erase: ({ id }) => {
      this.stored.delete(id)
      return Promise.resolve()
    },
    stored: () => Promise.resolve([...this.stored.values()]),
    ended: (entry, sent) => this.ended.push(`${entry.id.slice(-1)} ${sent ? 'sent' : 'given up'}`),
    giveBack: ({ text }) => this.back.push(text),
    carried: () => this.carried,
    leads: () => this.leads,
    lead: () => {
      this.leads = true
      void this.outbox.leading()
    },
    tell: (change) => this.told.push(change),
    cursor: () => 0,
    online: () => this.online,
    changed: () => undefined,
    random: () => 1,
  })

  /** `follows`: there is something that talks to the server. */
  constructor(stored = new Map<string, OutboxEntry>(), follows = true) {
    this.stored = stored
    if (follows) this.outbox.follow(Sender)
  }

  say(number: number, chat_id = CHAT): string {
    const id = idOf(number)
    this.outbox.add({
      ...pending(id, chat_id, this.outbox.nextOrder()),
      kind: 'send',
      text: `m${number}`,
      reply_to: null,
    })
    return id
  }

  erase(number: number): string {
    const id = idOf(100 + number)
    this.outbox.add({
      ...pending(id, CHAT, this.outbox.nextOrder()),
      kind: 'delete',
      message_id: idOf(number),
    })
    return id
  }

  mark(n: number): void {
    this.outbox.add({
      ...pending(`read:${CHAT}`, CHAT, this.outbox.nextOrder()),
      kind: 'read',
      n,
      force: false,
    })
  }

  states(): string[] {
    return this.outbox.of(CHAT).map(({ id, state }) => `${id.slice(-1)} ${state}`)
  }
}

export function pending(id: string, chat_id: string, order: number) {
  return { id, chat_id, order, created_at: '', state: 'queued' as const, code: null, seq: null }
}

export const accepted = (seq: number | null = null): Promise<Outcome<Confirmation>> =>
  Promise.resolve({ ok: true, value: { seq } })
export const refused = (...args: Parameters<typeof problem>): Promise<Outcome<Confirmation>> =>
  Promise.resolve({ ok: false, problem: problem(...args) })
/** What is under way has come to rest. */
export const settled = () => vi.advanceTimersByTimeAsync(0)
