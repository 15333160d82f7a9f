import { describe, expect, it } from 'vitest'
import type { ChatRole, Member } from '../../protocol/wire.ts'
import { complaintText, responsible } from './reporting.ts'

const member = (user_id: string, role: ChatRole): Member => ({
  user_id,
  role,
  joined_at: '2026-03-09T14:05:06.789Z',
})

describe('a complaint', () => {
  it('goes to who runs the conversation, and never to oneself or to whom it is about', () => {
    const members = [
      member('ana', 'admin'),
      member('luis', 'member'),
      member('eva', 'owner'),
      member('yo', 'admin'),
      member('malo', 'admin'),
    ]
    expect(responsible(members, ['yo', 'malo'])).toEqual(['eva', 'ana'])
    expect(responsible([member('malo', 'owner'), member('yo', 'member')], ['yo', 'malo'])).toEqual([])
  })

  it('brings the message and its address, and leaves room for the reason', () => {
    const message = { chatId: 'c', path: '/c/c/m/7', text: 'uno\ndos' }
    expect(complaintText('Denuncio:', { userId: 'malo', message }, 'https://chat.example')).toBe(
      'Denuncio:\nhttps://chat.example/c/c/m/7\n> uno\n> dos\n\n',
    )
    expect(complaintText('Denuncio a @malo:', { userId: 'malo', message: null }, '')).toBe(
      'Denuncio a @malo: ',
    )
  })
})
