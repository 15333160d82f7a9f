import { expect, it, vi } from 'vitest'
import type { Place } from './contract'
import { Conversation } from './conversation'
import { ANA, chatOf, messageAt } from './fixtures'
import { WindowKeeper } from './keeping'
import { logPort } from './log-port'
import { OpenChat } from './open-chat'
import { CATCH_UP_MAX, emptyTimeline, PAGE } from './state'

const CHAT = 'chat-1'

interface Scene {
  /** The head of the chat, and how much of it I have read. */
  head: number
  read: number
  /** The stored copy holds messages from here to here. */
  stored?: [from: number, to: number]
  left?: Place
  seq?: number
}

/** A chat as it is opened, and what it asks the server for once something follows its log. */
function scene({ head, read, stored, left, seq }: Scene) {
  const asked = vi.fn()
  const problem = { code: 'offline' as const, detail: '', retryable: true, retry_after_ms: null }
  const answers = () => Promise.resolve({ ok: false as const, problem })
  const port = {
    api: { events: answers },
    connection: {
      request: (frame: { type: string }) => {
        asked(frame.type)
        return answers() as never
      },
    },
    places: { of: () => left ?? null },
    me: () => ANA,
    now: () => 0,
    chat: () => chatOf(CHAT, { seq: head, n: head, read_n: read }),
    readN: () => read,
    applied: () => undefined,
    changed: () => undefined,
  }
  const local = stored === undefined ? null : copy(...stored)
  const chat = new OpenChat(CHAT, new WindowKeeper(), local, seq, port)
  const follow = () => {
    const page = (_: string, bound: object) => {
      asked(bound)
      return answers()
    }
    chat.follow({ Conversation, logPort, paging: { page } as never })
    chat.conversation?.suspend()
    return asked.mock.calls.map(([what]: unknown[]) => what)
  }
  return { chat, follow }
}

function copy(from: number, to: number) {
  const messages = Array.from({ length: to - from + 1 }, (_, index) => messageAt(CHAT, from + index))
  return { ...emptyTimeline(CHAT, to), messages, more_before: from > 1 }
}

it('paints the end of its copy where everything is read, and asks for nothing', () => {
  const { chat, follow } = scene({ head: 50, read: 50, stored: [1, 50] })
  expect(chat.paints()).toBe(true)
  expect(chat.view([], new Map())).toMatchObject({ status: 'ready', divider_n: null, problem: null })
  expect(follow()).toEqual([])
})

it('waits for the server where nothing is stored', () => {
  const { chat, follow } = scene({ head: 50, read: 50 })
  expect(chat.paints()).toBe(false)
  expect(chat.view([], new Map())).toMatchObject({ status: 'loading', items: [] })
  expect(follow()).toEqual([{}])
})

it('asks for what happened since the copy', () => {
  const { chat, follow } = scene({ head: 60, read: 50, stored: [1, 50] })
  expect(chat.paints()).toBe(true)
  expect(chat.divider).toBe(50)
  expect(follow()).toEqual(['sync'])
})

it('loads anew where the copy is too old to be caught up', () => {
  const head = 51 + CATCH_UP_MAX
  const { chat, follow } = scene({ head, read: head, stored: [1, 50] })
  expect(chat.paints()).toBe(false)
  expect(follow()).toEqual([{}])
})

it.each([
  { from: 26, read: 15, at: 'the copy begins below it', paints: false, asks: [{}] },
  { from: 26, read: 25, at: 'the copy begins with it', paints: false, asks: [{}] },
  { from: 11, read: 15, at: 'the copy reaches it', paints: true, asks: [] },
])('opens at the first unread message where $at', ({ from, read, paints, asks }) => {
  const { chat, follow } = scene({ head: PAGE + 25, read, stored: [from, PAGE + 25] })
  expect(chat.paints()).toBe(paints)
  expect(chat.divider).toBe(read)
  // Not the end: it would be taken for read.
  expect(chat.view([]).items).toHaveLength(paints ? 65 : 0)
  expect(chat.skips()).toBe(false)
  expect(follow()).toEqual(asks)
  expect(chat.skips()).toBe(!paints)
  chat.leap()
  expect(chat.skips()).toBe(false)
})

it('asks again for the first unread message when it could not be had', () => {
  const { chat, follow } = scene({ head: PAGE + 25, read: 15, stored: [26, PAGE + 25] })
  follow()
  if (chat.conversation === null) throw new Error('nothing follows its log')
  const load = vi.spyOn(chat.conversation, 'load')
  chat.shown.status = 'failed'
  chat.recover()
  chat.reopen()
  expect(load.mock.calls).toEqual([[{ unread_after: 15 }], [{ unread_after: 15 }]])
})

it.each([
  { at: 'a message in the copy', seq: 20, paints: true, asks: [] },
  { at: 'a message before the copy', seq: 4, paints: false, asks: [{ around_seq: 4 }] },
])('shows $at first when somebody wants to see it', ({ seq, paints, asks }) => {
  const { chat, follow } = scene({ head: 50, read: 50, stored: [10, 50], seq })
  expect(chat.paints()).toBe(paints)
  expect(follow()).toEqual(asks)
})

it('opens where it was left when nothing is unread', () => {
  const { chat, follow } = scene({ head: 50, read: 50, stored: [10, 50], left: { seq: 4, offset: 0 } })
  expect(chat.paints()).toBe(false)
  expect(follow()).toEqual([{ around_seq: 4 }])
})

it('keeps its dividing line until it is told to forget it', () => {
  const { chat } = scene({ head: 60, read: 50, stored: [1, 60] })
  chat.divide()
  expect(chat.divider).toBe(50)
  chat.divider = null
  chat.divide()
  expect(chat.divider).toBe(50)
})
