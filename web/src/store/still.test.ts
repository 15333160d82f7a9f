import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import type { Socket } from '../protocol/connection'
import type { Me } from '../protocol/wire'
import { openDatabase } from './db'
import { ANA, chatOf, messageAt } from './fixtures'
import { Messenger } from './store.svelte'
import { until } from '../waiting.fixtures'

const CHAT = 'chat-1'
const STORED = 300
const ME: Me = { user_id: ANA, username: 'ana', display_name: 'Ana', about: '', locale: 'es', role: 'member' }
const NOBODY: Socket = {
  onopen: null,
  onmessage: null,
  onclose: null,
  send: () => undefined,
  close: () => undefined,
}
let names = 0

/** A second visit to a conversation, in a page that is never painted: nothing but a wish brings the code. */
async function visit(): Promise<{ store: Messenger; sockets: () => number; items: () => readonly number[] }> {
  const name = `still-${(names += 1)}`
  const database = await openDatabase(name)
  await database.put('meta', ME, 'me')
  await database.put('meta', ANA, 'owner')
  await database.put('chats', chatOf(CHAT, { seq: STORED, n: STORED, read_n: STORED }))
  const window = { cursor: STORED, from_seq: 1, more_before: false, notices: [], bytes: 0, used_at: 0 }
  await database.put('windows', { chat_id: CHAT, ...window })
  for (let seq = 1; seq <= STORED; seq += 1) await database.put('messages', messageAt(CHAT, seq))
  database.close()
  const openSocket = vi.fn(() => NOBODY)
  const store = new Messenger({
    database: name,
    fetch: () => Promise.reject(new TypeError('no network')),
    openSocket,
    online: () => true,
    saving: () => false,
    visible: () => true,
    now: () => 0,
    random: () => 0,
    watch: () => () => undefined,
    shared: () => false,
    share: () => undefined,
    painted: () => new Promise(() => undefined),
  })
  await store.start(CHAT)
  const items = () =>
    store.messages.timeline(CHAT).items.flatMap((item) => (item.type === 'message' ? [item.message.seq] : []))
  return { store, sockets: () => openSocket.mock.calls.length, items }
}

it('shows the stored copy before the code that follows its log is there', async () => {
  const { store, sockets, items } = await visit()
  store.messages.open(CHAT)
  await until(() => expect(items()).toHaveLength(100))
  expect(store.messages.timeline(CHAT)).toMatchObject({ status: 'ready', more_before: true })
  await vi.dynamicImportSettled()
  expect(sockets()).toBe(0)
  store.stop()
})

it('has the code brought by whoever wants what is not shown', async () => {
  const { store, sockets, items } = await visit()
  store.messages.open(CHAT)
  await until(() => expect(items()).toHaveLength(100))
  await store.messages.loadBefore(CHAT)
  await until(() => expect(items()).toHaveLength(150))
  expect(items()[0]).toBe(151)
  expect(sockets()).toBe(1)
  store.stop()
})

it('goes to a message that the copy has further back', async () => {
  const { store, items } = await visit()
  store.messages.open(CHAT, 20)
  await until(() => expect(items()).toContain(20))
  store.stop()
})

it('goes to where somebody was reading, without anybody asking', async () => {
  const { store, items } = await visit()
  store.messages.setPlace(CHAT, { seq: 30, offset: 0 })
  store.messages.open(CHAT)
  await until(() => expect(items()).toContain(30))
  store.stop()
})
