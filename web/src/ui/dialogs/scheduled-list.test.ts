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
  expect(list).toHaveBeenCalledExactlyOnceWith('c1')
  expect(target.textContent).toContain('No hay mensajes programados.')
  await end()
})
