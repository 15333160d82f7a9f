import { describe, expect, it } from 'vitest'
import type { ChatEvent, Message } from '../protocol/wire'
import { applyToTimeline } from './apply'
import { applyToChat } from './apply-chat'
import { ANA, BETO, chatOf, dice, eventAt, messageAt } from './fixtures'
import { timelineItems } from './items'
import { emptyTimeline, type OutboxEntry, type Timeline } from './state'
import { extendAfter, extendBefore, replay, unseenChanges, windowOf, withNotices } from './window'

const CHAT = 'chat-1'
const AT = '2026-01-01T00:00:00.000Z'
const LENGTH = 60

type Change = {
  [K in ChatEvent['kind']]: Omit<Extract<ChatEvent, { kind: K }>, 'type' | 'chat_id' | 'at'>
}[ChatEvent['kind']]

function event(change: Change): ChatEvent {
  return { type: 'event', chat_id: CHAT, at: AT, ...change }
}

const fold = (events: readonly ChatEvent[], from: Timeline = emptyTimeline(CHAT, 0)) =>
  events.reduce((timeline, next) => applyToTimeline(timeline, next, ANA), from)

/** A log with every kind of change, as a server would keep it: each event tells the state after it. */
function randomLog(seed: number): ChatEvent[] {
  const random = dice(seed)
  const log: ChatEvent[] = []
  let state = emptyTimeline(CHAT, 0)
  for (let seq = 1; seq <= LENGTH; seq += 1) {
    const next = randomEvent(seq, state, random)
    log.push(next)
    state = applyToTimeline(state, next, BETO)
  }
  return log
}

function randomEvent(seq: number, state: Timeline, random: () => number): ChatEvent {
  const target = state.messages[Math.floor(random() * state.messages.length)]
  const luck = random()
  if (target === undefined || luck < 0.45)
    return said(seq, (state.messages.at(-1)?.n ?? 0) + 1, luck < 0.2 ? ANA : BETO)
  if (luck < 0.6) return edited(seq, target)
  if (luck < 0.68) return deleted(seq, target)
  if (luck < 0.85) return reacted(seq, target, random() < 0.6)
  return event({ kind: 'chat.updated', seq, actor_id: BETO, data: { title: `Título ${seq}` } })
}

function said(seq: number, n: number, sender_id: string): ChatEvent {
  return { ...eventAt(CHAT, seq, { n, sender_id }), n } as ChatEvent
}

function edited(seq: number, target: Message): ChatEvent {
  const data = {
    ...target,
    body: { text: `editado en ${seq}` },
    revision: target.revision + 1,
    edited_at: AT,
  }
  return event({ kind: 'message.edited', seq, actor_id: target.sender_id, data })
}

function deleted(seq: number, target: Message): ChatEvent {
  const data = { ...target, body: null, deleted: true, revision: target.revision + 1, reactions: [] }
  return event({ kind: 'message.deleted', seq, actor_id: target.sender_id, data })
}

function reacted(seq: number, { message_id, reactions }: Message, wish: boolean): ChatEvent {
  const known = reactions.find(({ emoji }) => emoji === '👍')
  const on = wish || known === undefined
  const count = (known?.count ?? 0) + (on ? 1 : -1)
  return event({
    kind: 'reaction.changed',
    seq,
    actor_id: BETO,
    data: { message_id, emoji: '👍', user_id: BETO, on, count },
  })
}

/** What both must agree on; whose a reaction is comes with pages only. */
function shown(timeline: Timeline) {
  const messages = timeline.messages.map(({ message_id, body, revision, deleted, reactions }) => ({
    message_id,
    body,
    revision,
    deleted,
    reactions: reactions.map(({ emoji, count }) => ({ emoji, count })),
  }))
  return { messages, notices: timeline.notices.map(({ seq }) => seq), cursor: timeline.cursor }
}

const seeds = Array.from({ length: 150 }, (_, index) => index + 1)

describe('state and events', () => {
  it('an old page and the events since it are the new state', () => {
    for (const seed of seeds) {
      const log = randomLog(seed)
      const random = dice(seed + 1_000)
      // The page is of a moment at or after the cursor that was known when it was asked for.
      const known = Math.floor(random() * LENGTH)
      const moment = known + Math.floor(random() * (LENGTH - known + 1))
      const page = fold(log.slice(0, moment))
      const window = windowOf(CHAT, { messages: page.messages, more_before: false, more_after: false }, known)
      const resumed = fold(log.slice(known), window)
      expect(shown(resumed).messages, `seed ${seed}`).toEqual(shown(fold(log)).messages)
      expect(resumed.cursor).toBe(LENGTH)
    }
  })

  it('a page that comes late is made current by the events that came meanwhile', () => {
    for (const seed of seeds) {
      const log = randomLog(seed)
      const random = dice(seed + 2_000)
      const asked = 20 + Math.floor(random() * 20)
      const before = fold(log.slice(0, asked))
      const half = Math.floor(before.messages.length / 2)
      const upper = { ...fold(log), messages: fold(log).messages.slice(half), more_before: true }
      const page = { messages: before.messages.slice(0, half), more_before: false, more_after: true }
      const joined = replay(extendBefore(upper, page), log.slice(asked), ANA)
      expect(shown(joined).messages, `seed ${seed}`).toEqual(shown(fold(log)).messages)
    }
  })

  it('an event applied twice changes nothing', () => {
    const log = randomLog(5)
    const once = fold(log)
    expect(fold(log, once)).toBe(once)
  })

  it('a kind of tomorrow only moves the cursor', () => {
    const strange = {
      type: 'event',
      kind: 'poll.opened',
      chat_id: CHAT,
      seq: 1,
      actor_id: BETO,
      at: AT,
      data: {},
    }
    expect(fold([strange as unknown as ChatEvent])).toEqual(emptyTimeline(CHAT, 1))
  })

  it('what happens while looking at the past does not make a hole', () => {
    const past = { ...emptyTimeline(CHAT, 9), messages: [messageAt(CHAT, 1)], more_after: true }
    const now = fold([eventAt(CHAT, 10)], past)
    expect(now.messages).toHaveLength(1)
    expect(now.cursor).toBe(10)
  })

  it('takes a preview in, and lets it go', () => {
    const preview = { url: 'https://example.org/', title: 'Feria', site: '', description: '' }
    const seen = (seq: number, data: Message) =>
      event({ kind: 'message.previewed', seq, actor_id: BETO, data })
    const begun = { ...emptyTimeline(CHAT, 1), messages: [messageAt(CHAT, 1)] }
    const shown = fold([seen(2, messageAt(CHAT, 1, { preview }))], begun)
    expect(shown.messages[0]?.preview).toEqual(preview)
    expect(fold([seen(3, messageAt(CHAT, 1))], shown).messages[0]?.preview).toBeUndefined()
  })

  it('remembers whose a reaction is through an edit', () => {
    const mine = messageAt(CHAT, 1, { reactions: [{ emoji: '👍', count: 2, mine: true }] })
    const data = messageAt(CHAT, 1, { revision: 2, reactions: [{ emoji: '👍', count: 2 }] })
    const edited = fold([event({ kind: 'message.edited', seq: 2, actor_id: BETO, data })], {
      ...emptyTimeline(CHAT, 1),
      messages: [mine],
    })
    expect(edited.messages[0]?.reactions).toEqual([{ emoji: '👍', count: 2, mine: true }])
  })
})

describe('the window', () => {
  const page = (from: number, to: number) => ({
    messages: Array.from({ length: to - from + 1 }, (_, index) => messageAt(CHAT, from + index)),
    more_before: from > 1,
    more_after: false,
  })

  it('never holds more than 500 and says what it let go', () => {
    const end = windowOf(CHAT, page(301, 800), 800)
    const up = extendBefore(end, page(251, 300))
    expect(up.messages).toHaveLength(500)
    expect(up).toMatchObject({ more_before: true, more_after: true })
    const down = extendAfter(up, page(751, 800))
    expect(down.messages.at(-1)?.seq).toBe(800)
    expect(down.messages).toHaveLength(500)
    expect(down.more_after).toBe(false)
  })

  it('knows where quiet lines are still to be fetched', () => {
    const gaps = windowOf(CHAT, { ...page(1, 3), messages: [messageAt(CHAT, 1), messageAt(CHAT, 3)] }, 4)
    expect(unseenChanges(gaps, 1, 4)).toEqual({ after: 0, to: 4 })
    expect(unseenChanges(windowOf(CHAT, page(1, 3), 3), 1, 3)).toBeNull()
    const joined = event({ kind: 'member.joined', seq: 2, actor_id: BETO, data: { user_id: ANA } })
    expect(withNotices(gaps, [eventAt(CHAT, 1), joined], ANA).notices.map(({ seq }) => seq)).toEqual([2])
  })
})

describe('the chat itself', () => {
  it('counts what others say, and reads what I say', () => {
    const heard = applyToChat(chatOf(CHAT), eventAt(CHAT, 1), ANA)
    expect(heard).toMatchObject({ seq: 1, n: 1, read_n: 0 })
    const said = heard && applyToChat(heard, eventAt(CHAT, 2, { sender_id: ANA }), ANA)
    expect(said).toMatchObject({ seq: 2, n: 2, read_n: 2 })
  })

  it('does not read what it forwards into', () => {
    const forwarded = { sender_id: BETO, sent_at: '2026-03-09T14:05:06.789Z' }
    const copied = (read_n: number) =>
      applyToChat(
        chatOf(CHAT, { seq: 3, n: 3, read_n }),
        eventAt(CHAT, 4, { sender_id: ANA, forwarded }),
        ANA,
      )
    expect(copied(1)).toMatchObject({ n: 4, read_n: 1 })
    expect(copied(3)).toMatchObject({ n: 4, read_n: 4 })
  })

  it('learns the body that a head told of', () => {
    const headed = chatOf(CHAT, { seq: 1, n: 1 })
    expect(applyToChat(headed, eventAt(CHAT, 1), ANA)).toMatchObject({ seq: 1, last_message: { seq: 1 } })
  })

  it('is gone when it is deleted', () => {
    const gone = event({ kind: 'chat.deleted', seq: 1, actor_id: BETO, data: {} })
    expect(applyToChat(chatOf(CHAT), gone, ANA)).toBeNull()
  })
})

describe('my changes that are on their way', () => {
  const base = { chat_id: CHAT, order: 1, created_at: AT, state: 'queued', code: null, seq: null } as const
  const timeline = { ...emptyTimeline(CHAT, 1), messages: [messageAt(CHAT, 1)] }
  const id = timeline.messages[0]?.message_id ?? ''
  const items = (...entries: OutboxEntry[]) => timelineItems(timeline, entries, ANA, new WeakMap())

  it('are shown as they will be', () => {
    const edit: OutboxEntry = {
      ...base,
      id: 'e',
      kind: 'edit',
      message_id: id,
      text: 'nuevo',
      base_revision: 1,
    }
    expect(items(edit)[0]).toMatchObject({
      message: { body: { text: 'nuevo' } },
      change: { state: 'sending' },
    })
    const like: OutboxEntry = { ...base, id: 'r', kind: 'reaction', message_id: id, emoji: '👍', on: true }
    expect(items(like)[0]).toMatchObject({ message: { reactions: [{ emoji: '👍', count: 1, mine: true }] } })
  })

  it('show the truth and keep the words when they are refused', () => {
    const edit: OutboxEntry = {
      ...base,
      id: 'e',
      kind: 'edit',
      message_id: id,
      text: 'nuevo',
      base_revision: 1,
      state: 'failed',
      code: 'conflict',
    }
    expect(items(edit)[0]).toMatchObject({
      message: { body: { text: 'mensaje 1' } },
      change: { state: 'failed', code: 'conflict', text: 'nuevo' },
    })
  })

  it('keep their key when they become messages, and never stand twice', () => {
    const send: OutboxEntry = { ...base, id: 'new', kind: 'send', text: 'hola', reply_to: null }
    expect(items(send).map(({ key }) => key)).toEqual([id, 'new'])
    const arrived: OutboxEntry = { ...send, id }
    expect(items(arrived).map(({ key, type }) => `${type} ${key}`)).toEqual([`message ${id}`])
  })
})
