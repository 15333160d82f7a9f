import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import type { Me } from '../protocol/wire'
import { EMPTY_DRAFT, nextDraft } from './drafts'
import { ANA, BETO, chatOf, eventAt, messageAt } from './fixtures'
import { applyToTimeline } from './apply'
import { WindowKeeper } from './keeping'
import { Local } from './local'
import { emptyTimeline } from './state'

const CHAT = 'chat-1'
const me = (user_id: string): Me => ({
  user_id,
  username: 'x',
  display_name: 'X',
  about: '',
  locale: 'es',
  role: 'member',
})
let names = 0

async function opened(name = `local-${(names += 1)}`): Promise<{ local: Local; name: string }> {
  const local = new Local(name)
  await local.open()
  return { local, name }
}

describe('the local copy', () => {
  it('is there after a reload, position and all', async () => {
    const { local, name } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT, { seq: 3 }))
    local.saver?.position({ log_epoch: 'e', sync_token: 't', useq: 4 })
    await local.saver?.flush()
    local.close()
    const again = new Local(name)
    expect(await again.open()).toMatchObject({ user_id: ANA })
    expect(await again.read(me(ANA))).toMatchObject({
      chats: [{ seq: 3 }],
      position: { sync_token: 't', useq: 4 },
    })
  })

  it('is not put back by a tab that knows less', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT, { seq: 9 }))
    await local.saver?.flush()
    local.saver?.chat(chatOf(CHAT, { seq: 5 }))
    await local.saver?.flush()
    expect((await local.read(me(ANA))).chats).toMatchObject([{ seq: 9 }])
  })

  it('is nobody else’s: another account finds nothing, unsent words included', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    await local.database?.put('drafts', {
      chat_id: CHAT,
      draft: { ...EMPTY_DRAFT, text: 'secreto' },
      parked: null,
    })
    expect((await local.read(me(BETO))).drafts).toEqual([])
  })

  it('keeps unsent words when only the session expired', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    await local.database?.put('drafts', {
      chat_id: CHAT,
      draft: { ...EMPTY_DRAFT, text: 'a medias' },
      parked: null,
    })
    local.saver?.chat(chatOf(CHAT))
    await local.saver?.flush()
    await local.wipeCopies()
    const copy = await local.read(me(ANA))
    expect(copy.chats).toEqual([])
    expect(copy.drafts).toHaveLength(1)
  })

  it('has nothing of a chat that was left', async () => {
    const { local } = await opened()
    await local.read(me(ANA))
    local.saver?.chat(chatOf(CHAT))
    await local.saver?.flush()
    await local.forget(CHAT)
    expect((await local.read(me(ANA))).chats).toEqual([])
  })

  it('holds the end of a conversation, up to its cursor', async () => {
    const { local } = await opened()
    const messages = Array.from({ length: 150 }, (_, index) => messageAt(CHAT, index + 1))
    const keeper = new WindowKeeper()
    let timeline = { ...emptyTimeline(CHAT, 150), messages }
    local.saver?.window(CHAT, () => keeper.rows(timeline))
    await local.saver?.flush()
    timeline = {
      ...applyToTimeline(timeline, eventAt(CHAT, 151), ANA),
      messages: [...messages, messageAt(CHAT, 151)],
    }
    local.saver?.window(CHAT, () => keeper.rows(timeline))
    await local.saver?.flush()
    const database = local.database
    const read = database === null ? null : await new WindowKeeper().read(database, CHAT)
    expect(read).toMatchObject({ cursor: 151, more_before: true, more_after: false })
    expect(read?.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 52),
    )
  })

  it('is not kept of a window that does not reach the end', () => {
    const past = { ...emptyTimeline(CHAT, 9), messages: [messageAt(CHAT, 1)], more_after: true }
    expect(new WindowKeeper().rows(past)).toBeNull()
  })
})

describe('drafts', () => {
  it('an edit puts the unsent text aside and brings it back', () => {
    const unsent = { draft: { ...EMPTY_DRAFT, text: 'nuevo' }, parked: null }
    const editing = { text: 'viejo', reply_to: null, editing: { message_id: 'm', base_revision: 1 } }
    const during = nextDraft(unsent, editing)
    expect(during.parked?.text).toBe('nuevo')
    const typed = nextDraft(during, { ...editing, text: 'viejo, corregido' })
    expect(nextDraft(typed, EMPTY_DRAFT)).toEqual(unsent)
  })
})
