// @vitest-environment node
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { MessageItem } from './contract'
import { person, startServer, type Browser, type Server } from './live.fixtures'
import type { Messenger } from './store.svelte'

/** A deletion waits five seconds for second thoughts. */
const WAIT = { timeout: 25_000, interval: 10 }

let server: Server
let ana: Browser
let ben: Browser
let chat: string

const until = (check: () => void) => vi.waitFor(check, WAIT)

function texts({ messages }: Messenger): string[] {
  return messages.timeline(chat).items.flatMap((item) => {
    if (item.type === 'message') return [item.message.body?.text ?? '(deleted)']
    return item.type === 'pending' ? [`${item.state}: ${item.text}`] : []
  })
}

function find(store: Messenger, text: string): MessageItem {
  const found = store.messages
    .timeline(chat)
    .items.find((item): item is MessageItem => item.type === 'message' && item.message.body?.text === text)
  if (found === undefined) throw new Error(`${text} is not there: ${texts(store).join(', ')}`)
  return found
}

beforeAll(async () => {
  server = await startServer()
  ana = await person(server, 'ana.live')
  ben = await person(server, 'ben.live')
  const created = await ana.store.chats.create({
    kind: 'group',
    title: 'Redes',
    member_ids: [ben.store.session.me?.user_id ?? ''],
  })
  if (!created.ok) throw new Error(created.problem.detail)
  chat = created.value.chat_id
}, 30_000)

afterAll(async () => {
  ana.store.stop()
  ben.store.stop()
  await server.stop()
})

describe('two browsers and the real server', { timeout: 30_000 }, () => {
  it('a new chat arrives by itself', async () => {
    await until(() => expect(ben.store.connection.state).toBe('live'))
    await until(() => expect(ben.store.chats.get(chat)?.title).toBe('Redes'))
  })

  it('what one sends the other reads, and it counts as unread until then', async () => {
    ana.store.messages.open(chat)
    const id = ana.store.messages.send(chat, { text: 'Hola **Ben**' })
    await until(() => expect(ben.store.chats.get(chat)?.unread).toBe(1))
    await until(() => expect(find(ana.store, 'Hola **Ben**').key).toBe(id))
    expect(ana.store.chats.get(chat)?.unread).toBe(0)
    ben.store.messages.open(chat)
    await until(() => expect(texts(ben.store)).toEqual(['Hola **Ben**']))
    expect(ben.store.messages.timeline(chat).divider_n).toBe(0)
    ben.store.messages.markRead(chat, 1)
    expect(ben.store.chats.get(chat)?.unread).toBe(0)
    await until(() =>
      expect(ana.store.messages.timeline(chat).receipts.get(ben.store.session.me?.user_id ?? '')).toBe(1),
    )
  })

  it('edits, reactions and deletions reach the other', async () => {
    const { key } = find(ana.store, 'Hola **Ben**')
    ana.store.messages.edit(chat, key, 'Hola, Ben', 1)
    await until(() => expect(find(ben.store, 'Hola, Ben').message.revision).toBe(2))
    ben.store.messages.react(chat, key, '👍', true)
    await until(() =>
      expect(find(ana.store, 'Hola, Ben').message.reactions).toEqual([
        { emoji: '👍', count: 1, mine: false },
      ]),
    )
    await until(() =>
      expect(find(ben.store, 'Hola, Ben').message.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }]),
    )
    await until(() => expect(find(ben.store, 'Hola, Ben').change).toBeNull())
    ben.store.messages.react(chat, key, '👍', false)
    await until(() => expect(find(ana.store, 'Hola, Ben').message.reactions).toEqual([]))
    ana.store.messages.remove(chat, key)
    await until(() => expect(texts(ben.store)).toEqual(['(deleted)']))
  })

  it('a reply quotes, typing shows and a mention counts', async () => {
    ben.store.messages.close(chat)
    ana.store.messages.typing(chat, true)
    await until(() => expect(ben.store.chats.get(chat)?.typing).toEqual([ana.store.session.me?.user_id]))
    ana.store.messages.send(chat, { text: '@ben.live ¿vienes?' })
    await until(() => expect(ben.store.chats.get(chat)?.mentions).toBe(1))
    expect(ben.store.chats.get(chat)?.typing).toEqual([])
    const question = find(ben.store, '@ben.live ¿vienes?').message
    const target = { message_id: question.message_id, sender_id: question.sender_id, excerpt: '' }
    ben.store.messages.send(chat, { text: 'Sí', reply_to: target })
    await until(() => expect(find(ana.store, 'Sí').message.reply_to?.excerpt).toContain('¿vienes?'))
    const { n } = find(ana.store, 'Sí').message
    expect(ana.store.messages.timeline(chat).receipts.get(ben.store.session.me?.user_id ?? '')).toBe(n)
    await until(() => expect(ben.store.chats.get(chat)).toMatchObject({ unread: 0, mentions: 0 }))
  })

  it('offline: shown at once, kept, and sent in order when the network is back', async () => {
    ben.cut()
    await until(() => expect(ben.store.connection.state).toBe('offline'))
    for (const text of ['uno', 'dos', 'tres']) ben.store.messages.send(chat, { text })
    await until(() =>
      expect(texts(ben.store).slice(-3)).toEqual(['sending: uno', 'sending: dos', 'sending: tres']),
    )
    ana.store.messages.send(chat, { text: 'mientras tanto' })
    await until(() => find(ana.store, 'mientras tanto'))
    ben.restore()
    await until(() => expect(texts(ana.store).slice(-4)).toEqual(['mientras tanto', 'uno', 'dos', 'tres']))
    await until(() => expect(texts(ben.store)).toEqual(texts(ana.store)))
  })

  it('a reload while offline loses nothing and sends nothing twice', async () => {
    ben.cut()
    await until(() => expect(ben.store.connection.state).toBe('offline'))
    const id = ben.store.messages.send(chat, { text: 'antes de recargar' })
    ben.store.messages.setDraft(chat, { text: 'a medias', reply_to: null, editing: null })
    await new Promise((resolve) => setTimeout(resolve, 150))
    await ben.reload()
    expect(ben.store.chats.get(chat)?.title).toBe('Redes')
    ben.store.messages.open(chat)
    await until(() => expect(texts(ben.store).at(-1)).toBe('sending: antes de recargar'))
    expect(texts(ben.store)).toContain('tres')
    expect(ben.store.messages.draft(chat).text).toBe('a medias')
    ben.restore()
    await until(() => expect(find(ana.store, 'antes de recargar').key).toBe(id))
    await until(() => expect(texts(ben.store)).toEqual(texts(ana.store)))
    expect(texts(ana.store).filter((text) => text === 'antes de recargar')).toHaveLength(1)
  })

  it('a pin shows in both, with the earlier texts of what it names', async () => {
    ana.store.messages.open(chat)
    ben.store.messages.open(chat)
    ana.store.messages.send(chat, { text: 'a fijar' })
    await until(() => expect(texts(ben.store)).toContain('a fijar'))
    const { message } = find(ana.store, 'a fijar')
    ben.store.messages.pin(chat, message.message_id, true)
    await until(() =>
      expect(ana.store.messages.pins(chat)).toMatchObject([{ message: { body: { text: 'a fijar' } } }]),
    )
    ana.store.messages.edit(chat, message.message_id, 'fijado', message.revision)
    await until(() =>
      expect(ben.store.messages.pins(chat)).toMatchObject([{ message: { body: { text: 'fijado' } } }]),
    )
    const earlier = await ben.store.messages.revisions(chat, message.message_id)
    expect(earlier.ok ? earlier.value.map(({ body }) => body.text) : earlier).toEqual(['fijado', 'a fijar'])
    ben.store.messages.pin(chat, message.message_id, false)
    await until(() => expect(ana.store.messages.pins(chat)).toEqual([]))
  })

  it('a draft, a block and a preference are on the other device', async () => {
    const other = await ana.elsewhere('ana.live')
    await until(() => expect(other.store.connection.state).toBe('live'))
    ana.store.messages.setDraft(chat, { text: 'empezado aquí', reply_to: null, editing: null })
    await until(() => expect(other.store.messages.draft(chat).text).toBe('empezado aquí'))
    const benId = ben.store.session.me?.user_id ?? ''
    expect(await other.store.users.block(benId, true)).toEqual({ ok: true, value: undefined })
    await until(() => expect(ana.store.users.blocked(benId)).toBe(true))
    await other.store.users.block(benId, false)
    await until(() => expect(ana.store.users.blocked(benId)).toBe(false))
    ana.store.chats.setPreferences(chat, { level: 'mentions', pinned: true, archived: false })
    await until(() =>
      expect(other.store.chats.get(chat)?.chat).toMatchObject({ level: 'mentions', pinned: true }),
    )
    ana.store.messages.send(chat, { text: 'empezado aquí' })
    await until(() => expect(other.store.messages.draft(chat).text).toBe(''))
    other.store.stop()
  })

  it('history loads page by page with its quiet lines, and the first unread is found', async () => {
    ben.store.messages.close(chat)
    await ana.store.chats.update(chat, { title: 'Redes II' })
    for (let number = 1; number <= 130; number += 1) ana.store.messages.send(chat, { text: `m${number}` })
    await until(() => find(ana.store, 'm130'))
    const carla = await person(server, 'carla.live')
    await ana.store.chats.setMember(chat, carla.store.session.me?.user_id ?? '', 'member')
    await until(() => expect(carla.store.chats.get(chat)).toBeDefined())
    carla.store.messages.open(chat)
    await until(() => expect(carla.store.messages.timeline(chat).status).toBe('ready'))
    await carla.store.messages.jumpToEnd(chat)
    while (carla.store.messages.timeline(chat).more_before) {
      await carla.store.messages.loadBefore(chat)
      await until(() => expect(carla.store.messages.timeline(chat).loading_before).toBe(false))
    }
    await until(() => expect(texts(carla.store)).toEqual(texts(ana.store)))
    await until(() => {
      const notices = carla.store.messages
        .timeline(chat)
        .items.flatMap((item) => (item.type === 'notice' ? item.notice : []))
      expect(notices).toContainEqual({ kind: 'chat.updated', title: 'Redes II' })
    })
    carla.store.stop()
  }, 30_000)

  it('a good cookie is enough where the browser has lost everything else', async () => {
    await ana.reload({ emptied: true })
    expect(ana.store.session.phase).toBe('signed_in')
    await until(() => expect(ana.store.chats.get(chat)?.title).toBe('Redes II'))
  })

  it('logging out leaves nothing on this device', async () => {
    await ben.store.session.logout()
    expect(ben.store.session.phase).toBe('signed_out')
    expect(ben.store.chats.rows).toEqual([])
    await ben.reload()
    expect(ben.store.session.phase).toBe('signed_out')
    // A visitor's first page asks for nothing that is refused.
    expect(ben.requests).toEqual(['/api/v1/server'])
  })
})
