import { describe, expect, it } from 'vitest'
import type { Chat, Me, User } from '../../protocol/wire.ts'
import { calling, callsIn, type Calls } from './calling.ts'
import { messageItem, pendingItem } from './samples.ts'

const AT = '2026-11-03T10:00:00.000Z'
const NAMES = ['all', 'todos', 'everyone', 'luis', 'eva', 'ana', 'nadie']
const ME = { user_id: 'me', username: 'ana' } as Me
const luis = { user_id: 'id-luis', username: 'luis' } as User
const find = (id: string) => (id === 'id-luis' ? luis : undefined)
const users = { get: find, peek: find }
const chat =
  (role: Chat['role'], kind: Chat['kind'] = 'group') =>
  () =>
    ({ role, kind }) as Chat
const member = chat('member')

const among = (calls: Calls) => NAMES.filter(calls)
const sent = (...mentions: string[]) => messageItem(1, 'luis', AT, { mentions })
const found = (item: Parameters<typeof callsIn>[0], where = member) => among(callsIn(item, where, ME, users))

describe('what looks like a mention', () => {
  it.each([
    [[], []],
    [['id-luis'], ['luis']],
    [['all'], ['all']],
    [
      ['all', 'id-luis'],
      ['all', 'luis'],
    ],
  ])('of a message that calls %j: %j', (mentions, names) => {
    expect(found(sent(...mentions))).toEqual(names)
  })

  it('while a called person is not known, any name that somebody may have', () => {
    expect(found(sent('id-eva'))).toEqual(['luis', 'eva', 'ana', 'nadie'])
  })

  it.each([
    [member, false],
    [chat('admin'), true],
    [chat('owner'), true],
    [chat('owner', 'direct'), false],
  ])('@all on its way, where I may call everybody', (where, shown) => {
    expect(found(pendingItem('p', AT), where).includes('all')).toBe(shown)
  })

  it('on its way, neither a word for many people nor my own name', () => {
    expect(found(pendingItem('p', AT))).toEqual(['luis', 'eva', 'nadie'])
    expect(among(calling(member, ME))).toEqual(['luis', 'eva', 'nadie'])
  })

  it('nothing that is being forwarded', () => {
    expect(found({ ...pendingItem('p', AT), forwarded_from: 'luis' })).toEqual([])
  })

  it('while an edit is on its way, what its text will call', () => {
    const change = { id: 'c', kind: 'edit', state: 'sending', code: null, text: 'y @eva' } as const
    expect(found({ ...sent(), change })).toContain('eva')
    expect(found({ ...sent(), change: { ...change, state: 'failed' } })).toEqual([])
    expect(found({ ...sent(), change: { ...change, kind: 'pin', text: null } })).toEqual([])
  })
})
