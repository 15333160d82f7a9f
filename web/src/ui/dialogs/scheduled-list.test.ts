import { tick } from 'svelte'
import { expect, it, vi } from 'vitest'
import { mounted } from '../mounted.fixtures.ts'
import ScheduledList from './ScheduledList.svelte'

it('is loaded also when the last news was of another conversation', async () => {
  const list = vi.fn().mockResolvedValue({ ok: true, value: [] })
  const messages = {
    scheduled_news: { chat_id: 'other', message_id: 'm', state: 'sent' },
    later: () => Promise.resolve({ list }),
  }
  const { target, end } = mounted(ScheduledList, { chatId: 'c1' }, { store: { messages } })
  for (let turn = 0; turn < 20; turn += 1) await tick()
  expect(list.mock.calls).toEqual([['c1'], [null]])
  expect(target.textContent).toContain('No hay mensajes programados.')
  await end()
})

it.each([
  [true, 'Ya no estás en esa conversación.', ['Copiar', 'Eliminar']],
  [false, 'No.', ['Cambiar', 'Enviar ahora', 'Eliminar']],
])('says why it was not sent, and offers only what can help (gone: %s)', async (gone, reason, ways) => {
  const one = {
    chat_id: 'c1',
    message_id: 'm',
    body: { text: 'ya no estoy' },
    send_at: '2026-11-26T14:00:00Z',
    failure: { code: 'not_found', message: 'There is no such thing.' },
  }
  const list = () => Promise.resolve({ ok: true, value: [one] })
  const messages = { scheduled_news: null, later: () => Promise.resolve({ list }) }
  const chats = { status: 'ready', get: () => (gone ? undefined : { chat: { kind: 'group' } }) }
  const store = { messages, chats, session: { me: null } }
  const given = { store, titleOf: () => 'Redes' }
  const { target, end } = mounted(ScheduledList, { chatId: null }, given)
  await vi.waitFor(() => expect(target.querySelector('li')).not.toBeNull())
  expect(target.textContent).toContain(reason)
  expect([...target.querySelectorAll('li button')].map((each) => each.textContent.trim())).toEqual(ways)
  await end()
})

it.each([
  { elsewhere: [], leads: false },
  { elsewhere: [{ message_id: 'm' }], leads: true },
])('leads to all of them where there are any: $leads', async ({ elsewhere, leads }) => {
  const list = vi.fn((chatId: string | null) =>
    Promise.resolve({ ok: true, value: chatId === null ? elsewhere : [] }),
  )
  const messages = { scheduled_news: null, later: () => Promise.resolve({ list }) }
  const { target, end } = mounted(ScheduledList, { chatId: 'c1' }, { store: { messages } })
  for (let turn = 0; turn < 20; turn += 1) await tick()
  expect(target.textContent.includes('Ver todos los programados')).toBe(leads)
  await end()
})
