import { describe, expect, it } from 'vitest'
import { en } from '../../i18n/en.ts'
import { es } from '../../i18n/es.ts'
import type { Notice } from '../../store/contract.ts'
import { noticeText } from './notice-text.ts'
import { noticeItem } from './samples.ts'

const who = (id: string) => (id === 'me' ? null : ({ ana: 'Ana', luis: 'Luis' }[id] ?? 'Alguien'))
const ui = { t: es, who }
const text = (notice: Notice, actor = 'ana') =>
  noticeText(ui, noticeItem(1, '2026-11-23T10:00:00Z', notice, actor))

describe('noticeText', () => {
  it('tells coming by oneself from being added', () => {
    expect(text({ kind: 'member.joined', user_id: 'ana' })).toBe('Ana entró')
    expect(text({ kind: 'member.joined', user_id: 'luis' })).toBe('Ana agregó a Luis')
  })

  it('tells leaving from being removed', () => {
    expect(text({ kind: 'member.left', user_id: 'ana' })).toBe('Ana salió')
    expect(text({ kind: 'member.left', user_id: 'luis' })).toBe('Ana sacó a Luis')
  })

  it('names the role', () => {
    expect(text({ kind: 'member.role', user_id: 'luis', role: 'admin' })).toBe(
      'Ana cambió el rol de Luis a administrador',
    )
  })

  it('says what changed in the chat', () => {
    expect(text({ kind: 'chat.updated', title: 'Redes' })).toBe('Ana cambió el nombre a «Redes»')
    expect(text({ kind: 'chat.updated', topic: 'Parcial' })).toBe('Ana cambió el tema a «Parcial»')
    expect(text({ kind: 'chat.updated', topic: '' })).toBe('Ana quitó el tema')
    expect(text({ kind: 'chat.updated', settings: { post: 'admins' } })).toBe('Ana cambió los ajustes')
  })

  it('speaks to the reader in the second person', () => {
    expect(text({ kind: 'member.joined', user_id: 'me' }, 'me')).toBe('Entraste')
    expect(text({ kind: 'member.joined', user_id: 'me' })).toBe('Ana te agregó')
    expect(text({ kind: 'member.joined', user_id: 'luis' }, 'me')).toBe('Agregaste a Luis')
    expect(text({ kind: 'member.left', user_id: 'me' })).toBe('Ana te sacó')
    expect(text({ kind: 'chat.updated', title: 'Redes' }, 'me')).toBe('Cambiaste el nombre a «Redes»')
    expect(text({ kind: 'member.role', user_id: 'me', role: 'admin' })).toBe(
      'Ana cambió tu rol a administrador',
    )
    expect(
      noticeText(
        { t: en, who },
        noticeItem(1, '2026-11-23T10:00:00Z', { kind: 'member.joined', user_id: 'me' }),
      ),
    ).toBe('Ana added you')
  })

  it('says both where one change changed name and topic', () => {
    expect(text({ kind: 'chat.updated', title: 'Redes', topic: 'Parcial' })).toBe(
      'Ana cambió el nombre a «Redes» · Ana cambió el tema a «Parcial»',
    )
  })

  it('says what was pinned', () => {
    expect(text({ kind: 'pin.changed', message_id: 'm', on: true })).toBe('Ana fijó un mensaje')
    expect(text({ kind: 'pin.changed', message_id: 'm', on: false })).toBe('Ana soltó un mensaje fijado')
  })
})
