import { describe, expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import type { ChatRow, Preview } from '../../store/contract.ts'
import { previewText } from './preview-text.ts'
import { chatRow } from './samples.ts'

const ui = {
  t: es,
  nameOf: (id: string) => id,
  format: { list: (items: readonly string[]) => items.join() },
  store: { users: { blocked: (id: string) => id === 'blocked' } },
} as unknown as Parameters<typeof previewText>[0]

function preview(sender_id: string, text: string): Preview {
  return { sender_id, mine: false, text, files: [], deleted: false, state: 'sent' }
}

describe('previewText', () => {
  it('says who wrote what', () => {
    const row = chatRow('c', { preview: preview('ana', 'hola') })
    expect(previewText(ui, row)).toEqual({ label: 'ana:', text: 'hola', tone: 'plain' })
  })

  it('names nobody where it does not know who wrote', () => {
    const row = chatRow('c', { preview: preview('', 'hola') })
    expect(previewText(ui, row)).toEqual({ label: '', text: 'hola', tone: 'plain' })
  })

  it('says what was sent without words', () => {
    const files = [{ kind: 'image', name: 'a.png' } as const, { kind: 'image', name: 'b.png' } as const]
    const row = chatRow('c', { preview: { ...preview('ana', ''), files } })
    expect(previewText(ui, row)).toMatchObject({ label: 'ana:', text: '2 fotos' })
  })

  it('does not show what a blocked person writes, nor that they are typing', () => {
    const row = chatRow('c', { preview: preview('blocked', 'insulto'), typing: ['blocked'] })
    expect(previewText(ui, row)).toMatchObject({ text: es.talk.blocked.folded, tone: 'plain' })
    expect(previewText(ui, { ...row, typing: ['blocked', 'ana'] }).text).toBe(es.chats.typingOne('ana'))
  })

  it('shows a draft only where there is a composer to open it with', () => {
    const row = chatRow('c', { preview: preview('ana', 'hola'), draft: 'a medias' })
    expect(previewText(ui, row)).toEqual({ label: es.chats.draft, text: 'a medias', tone: 'draft' })
    const guest = chatRow('c', { ...row, chat: { role: 'guest' } })
    expect(previewText(ui, guest).text).toBe('hola')
    const channel = chatRow('c', { ...row, chat: { kind: 'channel', settings: { post: 'admins' } } })
    expect(previewText(ui, channel).text).toBe('hola')
    const peer = { user_id: 'blocked' } as ChatRow['peer']
    expect(previewText(ui, { ...row, peer }).text).toBe('hola')
  })

  it('obeys no character that turns others round', () => {
    const row = chatRow('c', { preview: preview('ana', 'factura\u202egpj.exe') })
    expect(previewText(ui, row).text).toBe('facturagpj.exe')
  })
})
