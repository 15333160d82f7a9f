import { describe, expect, it } from 'vitest'
import type { Chat } from '../../protocol/wire.ts'
import { rightsIn } from './rights.ts'

const chat = (role: Chat['role'], post: 'members' | 'admins', kind: Chat['kind'] = 'channel') =>
  ({ role, kind, settings: { post } }) as Chat

describe('rightsIn', () => {
  it.each([
    ['owner', 'admins', true, true],
    ['admin', 'admins', true, true],
    ['member', 'admins', false, false],
    ['member', 'members', true, false],
    ['guest', 'members', false, false],
  ] as const)('a %s where %s post', (role, post, write, moderate) => {
    expect(rightsIn(chat(role, post))).toEqual({ write, moderate })
  })

  it('is the same object as long as the rights are the same', () => {
    expect(rightsIn(chat('member', 'members'))).toBe(rightsIn(chat('member', 'members')))
  })

  it('has nobody in charge of what the other says in a direct chat', () => {
    expect(rightsIn(chat('owner', 'members', 'direct'))).toEqual({ write: true, moderate: false })
  })
})
