import { expect, it } from 'vitest'
import { problem } from '../protocol/problem'
import { Conversation, type Bound, type ConversationPort } from './conversation'
import { ANA, messageAt } from './fixtures'
import { emptyTimeline } from './state'

const CHAT = 'chat-1'

it('asks once for what is older where nobody answers, and again with the next connection', async () => {
  const asked: Bound[] = []
  const nobody = Promise.resolve({ ok: false as const, problem: problem('offline') })
  const port: ConversationPort = {
    me: () => ANA,
    knownHead: () => 7,
    page: (bound) => {
      asked.push(bound)
      return nobody
    },
    events: () => nobody,
    sync: () => nobody,
    replaced: () => undefined,
    applied: () => undefined,
    changed: () => undefined,
  }
  const local = { ...emptyTimeline(CHAT, 7), messages: [messageAt(CHAT, 7)], more_before: true }
  const conversation = new Conversation(CHAT, local, port)
  for (let look = 0; look < 100; look += 1) await conversation.loadBefore()
  expect(asked).toEqual([{ before_seq: 7 }])
  conversation.opened(7)
  await nobody
  expect(asked).toHaveLength(2)
})
