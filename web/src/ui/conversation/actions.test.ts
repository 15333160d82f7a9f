import { describe, expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import type { MessageItem } from '../../store/contract.ts'
import { menuItems, type MessageActions, type Rights } from './actions.ts'
import { messageItem } from './samples.ts'

const nothing = () => undefined
const actions: MessageActions = {
  reply: nothing,
  edit: nothing,
  remove: nothing,
  react: nothing,
  copyText: nothing,
  withdraw: nothing,
  copyLink: nothing,
  forward: nothing,
  keep: nothing,
  origin: nothing,
  pin: nothing,
  history: nothing,
  reactors: nothing,
  report: nothing,
  select: nothing,
  jump: nothing,
  menu: nothing,
  emoji: nothing,
}
const icons = (item: MessageItem, rights: Rights) =>
  menuItems(es, item, rights, actions).map((entry) => entry.icon)
const AT = '2026-11-23T10:00:00Z'
const member = { write: true, moderate: false }

describe('menuItems', () => {
  it('lets me edit and delete what is mine', () => {
    expect(icons(messageItem(1, 'me', AT), member)).toEqual([
      'reply',
      'pencil',
      'pin',
      'forward',
      'bookmark',
      'copy',
      'list-checks',
      'link',
      'trash-2',
    ])
  })

  it('lets a member only answer and copy what another wrote', () => {
    expect(icons(messageItem(1, 'ana', AT), member)).toEqual([
      'reply',
      'pin',
      'forward',
      'bookmark',
      'copy',
      'list-checks',
      'link',
      'flag',
    ])
  })

  it('lets a message of files alone be chosen, and has nothing of it to copy as text', () => {
    const photo = messageItem(1, 'ana', AT, { body: { text: '' }, file_ids: ['f'] })
    expect(icons(photo, member)).toContain('list-checks')
    expect(icons(photo, member)).not.toContain('copy')
  })

  it('lets who runs the chat delete what another wrote', () => {
    expect(icons(messageItem(1, 'ana', AT), { write: true, moderate: true })).toEqual([
      'reply',
      'pin',
      'forward',
      'bookmark',
      'copy',
      'list-checks',
      'link',
      'flag',
      'trash-2',
    ])
  })

  it('lets a reader copy', () => {
    expect(icons(messageItem(1, 'ana', AT), { write: false, moderate: false })).toEqual([
      'forward',
      'bookmark',
      'copy',
      'list-checks',
      'link',
      'flag',
    ])
  })

  it('shows what an edited message said before, and that a pinned one can be let go', () => {
    const edited = messageItem(1, 'ana', AT, { edited_at: AT })
    expect(menuItems(es, edited, member, actions, true).map((entry) => entry.icon)).toEqual([
      'reply',
      'pin-off',
      'forward',
      'bookmark',
      'copy',
      'list-checks',
      'history',
      'link',
      'flag',
    ])
  })

  it('leaves a deleted message only its link', () => {
    expect(icons(messageItem(1, 'me', AT, { deleted: true, body: null }), member)).toEqual(['link'])
  })

  it('leaves of a message of a kind of tomorrow what needs no text', () => {
    const poll = messageItem(1, 'me', AT, { body: null })
    Object.assign(poll.message, { kind: 'poll', body: { question: '¿Cuándo?' } })
    expect(icons(poll, member)).toEqual(['reply', 'pin', 'link', 'trash-2'])
  })
})
