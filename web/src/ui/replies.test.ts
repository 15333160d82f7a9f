import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeCaches } from '../caches.fixtures.ts'
import type { Draft, Store } from '../store/contract.ts'
import { takeReplies } from './replies.ts'

const drafts = new Map<string, Draft>()
const store = {
  chats: { get: (chatId: string) => (chatId === 'gone' ? undefined : {}) },
  messages: {
    draft: (chatId: string) => drafts.get(chatId) ?? { text: '', reply_to: null, editing: null },
    setDraft: (chatId: string, draft: Draft) => drafts.set(chatId, draft),
  },
} as unknown as Store

beforeEach(() => {
  drafts.clear()
  vi.stubGlobal('caches', new FakeCaches())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a reply that could not be sent from a note', () => {
  it('stands in the composer of its conversation, once', async () => {
    const shelf = await caches.open('replies')
    await shelf.put('/c1', new Response('voy'))
    drafts.set('c1', { text: 'ya', reply_to: null, editing: null })
    await takeReplies(store)
    await takeReplies(store)
    expect(drafts.get('c1')?.text).toBe('ya\nvoy')
  })

  it('is not lost where it cannot stand yet', async () => {
    const shelf = await caches.open('replies')
    for (const path of ['/c1', '/gone']) await shelf.put(path, new Response('voy'))
    const editing = { message_id: 'm', base_revision: 1 }
    drafts.set('c1', { text: 'otra cosa', reply_to: null, editing })
    await takeReplies(store)
    expect(drafts.get('c1')?.text).toBe('otra cosa')
    expect(await shelf.keys()).toHaveLength(2)
  })
})
