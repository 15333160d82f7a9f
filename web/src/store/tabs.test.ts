// @vitest-environment node
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { person, startServer, type Browser, type Server } from './live.fixtures'
import type { Messenger } from './store.svelte'

/** Two tabs of one browser, and another device of somebody else, at a real server. */
let server: Server
let ana: Browser
let second: Messenger
let ben: Browser
let chat: string

const until = (check: () => void) => vi.waitFor(check, { timeout: 25_000, interval: 10 })

function texts({ messages }: Messenger): string[] {
  return messages
    .timeline(chat)
    .items.flatMap((item) => (item.type === 'message' ? [item.message.body?.text ?? ''] : []))
}

beforeAll(async () => {
  server = await startServer()
  ana = await person(server, 'ana.tabs')
  ben = await person(server, 'ben.tabs')
  const members = [ben.store.session.me?.user_id ?? '']
  const created = await ana.store.chats.create({ kind: 'group', title: 'Redes', member_ids: members })
  if (!created.ok) throw new Error(created.problem.detail)
  chat = created.value.chat_id
  await until(() => expect(ana.store.connection.state).toBe('live'))
  await ana.settled()
  second = await ana.tab()
  await until(() => expect(second.connection.state).toBe('live'))
  ana.store.messages.open(chat)
  second.messages.open(chat)
  ben.store.messages.open(chat)
}, 30_000)

afterAll(async () => {
  ana.store.stop()
  second.stop()
  ben.store.stop()
  await server.stop()
})

it('what is written in both arrives once and in order, and both show it', async () => {
  for (let at = 1; at <= 6; at += 1)
    (at % 2 === 0 ? second : ana.store).messages.send(chat, { text: `t${at}` })
  const expected = ['t1', 't2', 't3', 't4', 't5', 't6']
  await until(() => {
    for (const store of [ana.store, second, ben.store]) expect(texts(store).toSorted()).toEqual(expected)
  })
  expect(texts(second)).toEqual(texts(ana.store))
  expect(texts(ben.store)).toEqual(texts(ana.store))
})

it('a draft and a badge are the same in both', async () => {
  ana.store.messages.setDraft(chat, { text: 'a medias', reply_to: null, editing: null })
  await until(() => expect(second.messages.draft(chat).text).toBe('a medias'))
  ben.store.messages.send(chat, { text: 'de Ben' })
  await until(() => expect([ana.store, second].map((store) => store.chats.get(chat)?.unread)).toEqual([1, 1]))
  second.messages.markRead(chat, 7)
  await until(() => expect(ana.store.chats.get(chat)?.unread).toBe(0))
})

it('the tab that sends dies, and the other sends what it left', async () => {
  ana.cut()
  ana.store.messages.send(chat, { text: 'del que muere' })
  await until(() => expect(second.messages.timeline(chat).items.at(-1)).toMatchObject({ type: 'pending' }))
  ana.store.stop()
  ana.restore()
  second.connection.retryNow()
  await until(() => expect(texts(ben.store)).toContain('del que muere'))
  expect(texts(ben.store).filter((text) => text === 'del que muere')).toHaveLength(1)
})
