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
