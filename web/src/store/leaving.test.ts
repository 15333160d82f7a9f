// @vitest-environment node
import 'fake-indexeddb/auto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PASSWORD, person, startServer, type Browser, type Server } from './live.fixtures'

let server: Server
let ana: Browser
let ben: Browser
let chat: string
let people = 0

const WAIT = { timeout: 25_000, interval: 10 }
const until = (check: () => void) => vi.waitFor(check, WAIT)
const idOf = ({ store }: Browser) => store.session.me?.user_id ?? ''

beforeAll(async () => {
  server = await startServer()
}, 30_000)

afterAll(() => server.stop())

beforeEach(async () => {
  people += 1
  ana = await person(server, `ana.left${people}`)
  ben = await person(server, `ben.left${people}`)
  const input = { kind: 'group' as const, title: 'Redes', member_ids: [idOf(ben)] }
  const created = await ana.store.chats.create(input)
  if (!created.ok) throw new Error(created.problem.detail)
  chat = created.value.chat_id
  await until(() => expect(ben.store.chats.get(chat)?.title).toBe('Redes'))
  ben.store.messages.open(chat)
  await until(() => expect(ben.store.messages.timeline(chat).status).toBe('ready'))
}, 30_000)

afterEach(() => {
  ana.store.stop()
  ben.store.stop()
})

async function writtenAndRemoved(): Promise<void> {
  ben.cut()
  await until(() => expect(ben.store.connection.state).not.toBe('live'))
  ben.store.messages.send(chat, { text: 'pendiente' })
  ben.store.messages.react(chat, 'none', '👍', true)
  ben.store.messages.setDraft(chat, { text: 'a medias', reply_to: null, editing: null })
  const removed = await ana.store.chats.removeMember(chat, idOf(ben))
  expect(removed.ok).toBe(true)
  ben.restore()
  await until(() => expect(ben.store.chats.get(chat)).toBeUndefined())
}

describe('who is no longer in a conversation', { timeout: 30_000 }, () => {
  it('still has what they wrote there and could not send, also after a reload', async () => {
    await writtenAndRemoved()
    const { messages } = ben.store
    expect([...messages.left]).toEqual([[chat, 'Redes']])
    expect(messages.leftWords(chat)).toEqual(['pendiente', 'a medias'])
    await ben.settled()
    await ben.reload()
    await until(() => expect([...ben.store.messages.left]).toEqual([[chat, 'Redes']]))
    expect(ben.store.messages.leftWords(chat)).toEqual(['pendiente', 'a medias'])
    const undo = ben.store.messages.discardLeft(chat)
    expect(ben.store.messages.left.size).toBe(0)
    undo()
    await ben.settled()
    await ben.reload()
    await until(() => expect([...ben.store.messages.left]).toEqual([[chat, 'Redes']]))
    expect(ben.store.messages.leftWords(chat)).toEqual(['pendiente\n\na medias'])
    ben.store.messages.discardLeft(chat)
    await ben.settled()
    await ben.reload()
    await until(() => expect(ben.store.chats.status).toBe('ready'))
    expect(ben.store.messages.left.size).toBe(0)
    expect(ben.store.messages.leftWords(chat)).toEqual([])
  })

  it('who is in it again finds the words where they stood', async () => {
    await writtenAndRemoved()
    await ana.store.chats.setMember(chat, idOf(ben), 'member')
    await until(() => expect(ben.store.chats.get(chat)?.title).toBe('Redes'))
    const { messages } = ben.store
    messages.open(chat)
    const states = () =>
      messages.timeline(chat).items.flatMap((item) => (item.type === 'pending' ? [item.state] : []))
    await until(() => expect(states()).toEqual(['failed']))
    expect(messages.draft(chat).text).toBe('a medias')
    messages.setDraft(chat, { ...messages.draft(chat), text: 'a medias ya' })
    expect(messages.left.size).toBe(0)
  })

  it('and leaves the account has nothing on the device', async () => {
    await writtenAndRemoved()
    await ben.store.session.logout()
    expect(ben.store.messages.left.size).toBe(0)
    await ben.reload()
    await ben.store.session.login({ username: `ben.left${people}`, password: PASSWORD })
    await until(() => expect(ben.store.chats.status).toBe('ready'))
    expect(ben.store.messages.left.size).toBe(0)
  })

  it('and had written nothing has nothing there', async () => {
    ben.store.messages.setDraft(chat, { text: ' ', reply_to: null, editing: null })
    await ana.store.chats.removeMember(chat, idOf(ben))
    await until(() => expect(ben.store.chats.get(chat)).toBeUndefined())
    expect(ben.store.messages.left.size).toBe(0)
  })
})
