// @vitest-environment node
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { MessageItem } from './contract'
import { dice } from './fixtures'
import { person, startServer, type Browser, type Server } from './live.fixtures'
import type { Messenger } from './store.svelte'

/**
 * Unread is the server's: whatever two tabs and another device do at the same time, all of them show
 * its number in the end. `UNREAD_RUNS=1000` is the long form; a failure names its seed.
 */
const RUNS = Number(process.env['UNREAD_RUNS'] ?? 6)
const STEPS = 14
const FIRST_SEED = Number(process.env['UNREAD_SEED'] ?? 1)

let server: Server
let ana: Browser
let second: Messenger
let phone: Browser
let ben: Browser
let chat: string

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 25_000, interval: 20 })

beforeAll(async () => {
  server = await startServer()
  ana = await person(server, 'ana.unread')
  ben = await person(server, 'ben.unread')
  const members = [ben.store.session.me?.user_id ?? '']
  const created = await ana.store.chats.create({ kind: 'group', title: 'Redes', member_ids: members })
  if (!created.ok) throw new Error(created.problem.detail)
  chat = created.value.chat_id
  await ana.settled()
  second = await ana.tab()
  phone = await ana.elsewhere('ana.unread')
  await until(() => {
    for (const store of [ana.store, second, phone.store, ben.store])
      expect(store.connection.state).toBe('live')
  })
}, 30_000)

afterAll(async () => {
  for (const store of [ana.store, second, phone.store, ben.store]) store.stop()
  await server.stop()
})

type Deed = (mine: Messenger, random: () => number, n: number) => void

/** What may happen; those that stand more often happen more often. */
const DEEDS: readonly Deed[] = [
  (_mine, random) => ben.store.messages.send(chat, { text: `de Ben ${random()}` }),
  (_mine, random) => ben.store.messages.send(chat, { text: `@ana.unread mira ${random()}` }),
  (mine, random, n) => mine.messages.markRead(chat, Math.ceil(random() * n)),
  (mine, random, n) => mine.messages.markRead(chat, Math.ceil(random() * n)),
  (mine, random, n) => mine.messages.markUnread(chat, Math.floor(random() * n)),
  (mine, random) => mine.messages.send(chat, { text: `de Ana ${random()}` }),
  (mine) => forward(mine),
  (mine) => mine.messages.open(chat),
  () => phone.cut(),
  () => phone.restore(),
]

function forward(mine: Messenger): void {
  const message = mine.chats.get(chat)?.chat.last_message
  if (message !== undefined) mine.messages.forward(chat, chat, [{ message } as MessageItem])
}

function step(random: () => number): void {
  const mine = [ana.store, second, phone.store][Math.floor(random() * 3)] ?? ana.store
  const deed = DEEDS[Math.floor(random() * DEEDS.length)]
  deed?.(mine, random, mine.chats.get(chat)?.chat.n ?? 0)
}

describe('unread', () => {
  it.each(Array.from({ length: RUNS }, (_, run) => FIRST_SEED + run))(
    'is the server’s, seed %i',
    async (seed) => {
      const random = dice(seed)
      for (let at = 0; at < STEPS; at += 1) {
        step(random)
        if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 40))
      }
      phone.restore()
      phone.store.connection.retryNow()
      await until(async () => {
        const idle = [ana.store, second, phone.store, ben.store].every(
          (store) => store.messages.deeds.outbox.of(chat).length === 0,
        )
        expect(idle).toBe(true)
        const truth = await ana.chat(chat)
        const expected = {
          unread: truth.n - truth.read_n,
          mentions: truth.n > truth.read_n ? truth.mentions : 0,
        }
        for (const store of [ana.store, second, phone.store]) {
          const { unread, mentions } = store.chats.get(chat) ?? {}
          expect({ unread, mentions }).toEqual(expected)
        }
      })
    },
    20_000,
  )
})
