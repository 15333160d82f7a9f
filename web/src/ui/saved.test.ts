import { expect, it, vi } from 'vitest'
import { es } from '../i18n/es.ts'
import { keep } from './saved.ts'
import type { Ui } from './ui.svelte.ts'

it.each([
  ['live', 'En tus mensajes guardados.'],
  ['offline', 'Se guardará en tus mensajes guardados cuando haya conexión.'],
])('says of what was saved whether it has left (%s)', async (state, said) => {
  const [forward, say] = [vi.fn(), vi.fn()]
  const chats = { rows: [{ chat_id: 'mine', chat: { kind: 'saved' } }] }
  const store = { chats, messages: { forward }, connection: { state } }
  await keep({ t: es, store, toasts: { say } } as unknown as Ui, 'c1', [])
  expect(forward).toHaveBeenCalledExactlyOnceWith('mine', 'c1', [])
  expect(say).toHaveBeenCalledExactlyOnceWith(said)
})
