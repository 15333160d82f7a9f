import { describe, expect, it } from 'vitest'
import { problem } from '../protocol/problem'
import type { Draft } from './contract'
import { Deeds } from './deeds'
import { EMPTY_DRAFT, NO_DRAFT, stored, withReturned } from './drafts'
import { Sender } from './sender'
import type { LocalFile } from './state'
import { until } from '../waiting.fixtures'

const CHAT = 'chat-1'
const REPLY = { message_id: 'm', sender_id: 'u', excerpt: 'antes' }

function file(id: string): LocalFile {
  return { id, name: `${id}.bin`, size: 3, type: '', width: null, height: null, alt: '' }
}

/** Files that never get there, and what is done with them. */
function desk() {
  const dropped: string[] = []
  const back: unknown[] = []
  const order: string[] = []
  let ids = 0
  const deeds = new Deeds({
    connection: {
      live: true,
      request: () => Promise.reject(new Error('nothing is said')),
      perform: (asker, entry) =>
        entry.kind === 'send'
          ? asker.bring(entry.files ?? []).then(() => ({ ok: false, problem: problem('timeout') }))
          : Promise.resolve({ ok: false, problem: problem('conflict') }),
    },
    carrier: () =>
      Promise.resolve({
        bring: () => new Promise(() => undefined),
        sent: () => Promise.resolve(),
        drop: (gone) => void dropped.push(...gone),
      }),
    api: {} as never,
    now: () => 0,
    newId: () => `id-${(ids += 1)}`,
    database: () => null,
    storeEntry: () => Promise.resolve(),
    eraseEntry: ({ id }) => Promise.resolve(void order.push(`erased ${id}`)),
    leads: () => true,
    lead: () => undefined,
    tellTabs: () => undefined,
    cursor: () => 0,
    marked: () => undefined,
    prefer: () => Promise.reject(new Error('no wish')),
    changed: () => undefined,
    giveBack: (chatId, message) => {
      order.push('given back')
      back.push([chatId, message])
    },
  })
  deeds.outbox.follow(Sender)
  deeds.outbox.connected()
  const send = (text: string, ...names: string[]) =>
    deeds.send(CHAT, { text, reply_to: REPLY, files: names.map(file) }, stored(CHAT, NO_DRAFT))
  return { deeds, send, dropped, back, order }
}

describe('a file that is taken out of a message on its way', () => {
  it('takes the message with it when it is the last, and the words stay in the composer', async () => {
    const { deeds, send, dropped, back, order } = desk()
    const id = send('mira esto', 'a')
    await until(() => expect(deeds.outbox.get(id)?.state).toBe('queued'))
    deeds.take(id, 'a')
    expect(deeds.outbox.of(CHAT)).toEqual([])
    expect(back).toEqual([[CHAT, { text: 'mira esto', reply_to: REPLY }]])
    await until(() => expect(dropped).toContain('a'))
    expect(order).toEqual(['given back', `erased ${id}`])
  })

  it('leaves the message to the others', () => {
    const { deeds, send, back } = desk()
    const id = send('mira esto', 'a', 'b')
    deeds.take(id, 'a')
    expect(deeds.outbox.get(id)).toMatchObject({ text: 'mira esto', files: [{ id: 'b' }] })
    expect(back).toEqual([])
  })

  it('without words leaves nothing', () => {
    const { deeds, send, back } = desk()
    deeds.take(send('', 'a'), 'a')
    expect(deeds.outbox.of(CHAT)).toEqual([])
    expect(back).toEqual([])
  })
})

describe('what comes back', () => {
  const writing = (text: string): Draft => ({ ...EMPTY_DRAFT, text })
  const message = { text: 'antes', reply_to: REPLY }

  it('stands before what is written there, with a line between', () => {
    expect(withReturned({ ...NO_DRAFT, draft: writing('ahora') }, message).draft).toEqual({
      text: 'antes\n\nahora',
      reply_to: REPLY,
      editing: null,
    })
    expect(withReturned(NO_DRAFT, message).draft.text).toBe('antes')
  })

  it('waits for the end of an edit', () => {
    const editing = { ...writing('cambio'), editing: { message_id: 'm', base_revision: 1 } }
    const state = withReturned({ ...NO_DRAFT, draft: editing, parked: writing('ahora') }, message)
    expect(state.draft).toBe(editing)
    expect(state.parked?.text).toBe('antes\n\nahora')
  })
})

it('an edit takes the place of the refused one of the same message, and of no other', async () => {
  const { deeds } = desk()
  const edit = (message_id: string, text: string, base_revision: number) =>
    deeds.edit(CHAT, { message_id, text, base_revision }, stored(CHAT, NO_DRAFT))
  edit('m', 'lo mío', 1)
  edit('n', 'otra cosa', 1)
  const states = () => deeds.outbox.of(CHAT).map(({ state }) => state)
  await until(() => expect(states()).toEqual(['failed', 'failed']))
  edit('m', 'lo de los dos', 2)
  expect(deeds.outbox.of(CHAT)).toMatchObject([
    { text: 'otra cosa', state: 'failed' },
    { text: 'lo de los dos', base_revision: 2 },
  ])
})
