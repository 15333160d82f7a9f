import { describe, expect, it } from 'vitest'
import type { ChatRow } from './contract'
import { ANA, BETO, chatOf, messageAt } from './fixtures'
import { withDigest, withHead, withMark, withMine } from './apply-chat'
import { mergeChat } from './merge'
import { buildRow, compareRows, isListed, type RowContext } from './rows'
import type { OutboxEntry } from './state'
import { viewOf } from './view'

const CHAT = 'chat-1'
const NOW = Date.parse('2026-01-02T00:00:00.000Z')
const AT = new Date(NOW).toISOString()
const context: RowContext = {
  me: ANA,
  peer: null,
  draft: null,
  typing: [],
  entries: [],
  head_preview: null,
  now: NOW,
}
const base = { chat_id: CHAT, order: 1, created_at: AT, state: 'queued', code: null, seq: null } as const

describe('a line of the list', () => {
  it('counts unread exactly', () => {
    expect(buildRow(chatOf(CHAT, { n: 9, read_n: 4, mentions: 2 }), context)).toMatchObject({
      unread: 5,
      mentions: 2,
    })
    expect(buildRow(chatOf(CHAT, { n: 9, read_n: 9, mentions: 2 }), context)).toMatchObject({
      unread: 0,
      mentions: 0,
    })
  })

  it('counts my mark that is on its way, forward and by force', () => {
    const mark = (n: number, force: boolean): OutboxEntry => ({ ...base, id: 'read', kind: 'read', n, force })
    const chat = chatOf(CHAT, { n: 9, read_n: 4 })
    expect(buildRow(chat, { ...context, entries: [mark(7, false)] }).unread).toBe(2)
    expect(buildRow(chat, { ...context, entries: [mark(2, false)] }).unread).toBe(5)
    expect(buildRow(chat, { ...context, entries: [mark(2, true)] }).unread).toBe(7)
    expect(buildRow(chat, { ...context, entries: [mark(99, false)] }).unread).toBe(0)
  })

  it('shows what is newest: my unsent message, a head, the last message', () => {
    const chat = chatOf(CHAT, { n: 1, last_message: messageAt(CHAT, 1, { body: { text: '**hola**' } }) })
    expect(buildRow(chat, context).preview).toMatchObject({ text: 'hola', sender_id: BETO, state: 'sent' })
    const headed = { ...context, head_preview: { n: 2, text: 'después', sender_id: 'carla', files: [] } }
    const ahead = { text: 'después', sender_id: 'carla', mine: false }
    expect(buildRow(chat, headed).preview).toMatchObject(ahead)
    expect(buildRow(chat, { ...headed, me: 'carla' }).preview).toMatchObject({ mine: true })
    const wordless = {
      ...headed.head_preview,
      text: 'IMG_1.jpg',
      files: [{ kind: 'image', name: 'IMG_1.jpg' } as const],
    }
    const sent = { text: '', files: [{ kind: 'image', name: 'IMG_1.jpg' }] }
    expect(buildRow(chat, { ...headed, head_preview: wordless }).preview).toMatchObject(sent)
    const send: OutboxEntry = { ...base, id: 'm', kind: 'send', text: 'yo', reply_to: null }
    expect(buildRow(chat, { ...headed, entries: [send] }).preview).toMatchObject({
      text: 'yo',
      state: 'sending',
      mine: true,
    })
  })

  it('says nothing of what has its time, unless it could not be planned', () => {
    const chat = chatOf(CHAT, { n: 1, last_message: messageAt(CHAT, 1) })
    const later: OutboxEntry = { ...base, id: 'm', kind: 'send', text: 'luego', reply_to: null, send_at: 1 }
    const row = buildRow(chat, { ...context, entries: [later] })
    expect(row.preview).toMatchObject({ state: 'sent' })
    expect(row.activity_at).toBe(chat.updated_at)
    const failed = buildRow(chat, { ...context, entries: [{ ...later, state: 'failed' }] })
    expect(failed.preview).toMatchObject({ text: 'luego', state: 'failed' })
  })

  it('is there for a direct chat from its first word on', () => {
    const empty = chatOf(CHAT, { kind: 'direct', title: null, peer_id: BETO })
    const send: OutboxEntry = { ...base, id: 'm', kind: 'send', text: 'yo', reply_to: null }
    const listed = (chat = empty, more: Partial<RowContext> = {}) =>
      isListed(buildRow(chat, { ...context, ...more }))
    expect(listed()).toBe(false)
    expect(listed({ ...empty, n: 1 })).toBe(true)
    expect(listed({ ...empty, pinned: true })).toBe(true)
    expect(listed(empty, { draft: 'hola' })).toBe(true)
    expect(listed(empty, { entries: [send] })).toBe(true)
    expect(listed(chatOf(CHAT))).toBe(true)
  })

  it('is called after the other person in a direct chat', () => {
    const peer = { user_id: BETO, username: 'beto', display_name: 'Beto', about: '' }
    expect(
      buildRow(chatOf(CHAT, { kind: 'direct', title: null, peer_id: BETO }), { ...context, peer }).title,
    ).toBe('Beto')
  })

  it('does not say that I am typing', () => {
    expect(buildRow(chatOf(CHAT), { ...context, typing: [ANA, BETO] }).typing).toEqual([BETO])
  })

  it('stands by pins, activity and id, always the same', () => {
    const row = (chat_id: string, pinned: boolean, updated_at: string): ChatRow =>
      buildRow(chatOf(chat_id, { pinned, updated_at }), context)
    const rows = [row('a', false, '1'), row('b', false, '2'), row('c', true, '0'), row('d', false, '2')]
    expect(rows.sort(compareRows).map(({ chat_id }) => chat_id)).toEqual(['c', 'd', 'b', 'a'])
  })
})

describe('what the server tells of a chat', () => {
  it('a fetched chat does not take back what came meanwhile', () => {
    const local = chatOf(CHAT, { seq: 8, n: 8, read_n: 6 })
    const fetched = chatOf(CHAT, { seq: 5, n: 5, read_n: 2, pinned: true })
    expect(mergeChat(local, fetched, { mine: false })).toMatchObject({
      seq: 8,
      n: 8,
      read_n: 2,
      pinned: true,
    })
    expect(mergeChat(local, fetched, { mine: true })).toMatchObject({ seq: 8, read_n: 6 })
  })

  it('a head that is more than messages asks for the chat', () => {
    const chat = chatOf(CHAT, { seq: 4, n: 3 })
    expect(withHead(chat, { chat_id: CHAT, seq: 6, n: 5 }, AT)).toMatchObject({
      chat: { seq: 6, n: 5 },
      hides: false,
    })
    expect(withHead(chat, { chat_id: CHAT, seq: 6, n: 4 }, AT).hides).toBe(true)
    expect(withHead(chat, { chat_id: CHAT, seq: 3, n: 2 }, AT).chat).toBe(chat)
  })

  it('a digest may move my mark back', () => {
    const chat = chatOf(CHAT, { seq: 4, n: 4, read_n: 4 })
    const entry = { chat_id: CHAT, seq: 4, n: 4, read_n: 1, mentions: 1 }
    expect(withDigest(chat, entry, AT).chat).toMatchObject({ read_n: 1, mentions: 1 })
  })

  it('mentions count while unread, and are counted anew where a mark falls among them', () => {
    const chat = chatOf(CHAT, { n: 5, read_n: 2, mentions: 1 })
    const data = { chat_id: CHAT, seq: 6, n: 6 }
    const told = withMine(chat, { type: 'user.event', kind: 'mention', useq: 1, data })
    expect(told.chat).toMatchObject({ n: 6, mentions: 2 })
    expect(withMark(chat, 5)).toMatchObject({ chat: { mentions: 0 }, recount: false })
    expect(withMark(chat, 4).recount).toBe(true)
  })
})

describe('how I want a chat', () => {
  it('shows before the server has heard of it', () => {
    const wish: OutboxEntry = {
      ...{ id: 'w', chat_id: CHAT, order: 1, created_at: AT, state: 'queued', code: null, seq: null },
      kind: 'prefer',
      change: { pinned: true, level: 'none' },
    }
    const row = buildRow(chatOf(CHAT), { ...context, entries: [wish] })
    expect(row).toMatchObject({ muted: true, chat: { pinned: true, level: 'none', archived: false } })
  })
})

describe('the view', () => {
  it('is open conversations and the head of the list, of chats that exist', () => {
    const rows = Array.from({ length: 14 }, (_, index) =>
      buildRow(chatOf(`c${String(index).padStart(2, '0')}`, { peer_id: `p${index}` }), context),
    )
    const view = viewOf({ conversations: ['c13', 'gone'], rows, watched: ['w'], visible: false })
    expect(view.open).toEqual([...rows.slice(0, 10).map(({ chat_id }) => chat_id), 'c13'].sort())
    expect(view.users).toContain('w')
    expect(view.users).toHaveLength(11)
    expect(view.mode).toBe('background')
  })
})
