import { flushSync } from 'svelte'
import { expect, it, vi } from 'vitest'
import { mounted } from '../mounted.fixtures.ts'
import Schedule from './Schedule.svelte'

const FILE = {
  id: 'u',
  name: 'informe.pdf',
  size: 2_048,
  type: 'application/pdf',
  width: null,
  height: null,
  alt: '',
}

function opened(draft: object, state = 'live') {
  const [send, say, closeDialog] = [vi.fn(), vi.fn(), vi.fn()]
  const messages = { send, draft: () => ({ text: '', reply_to: null, editing: null, ...draft }) }
  const page = mounted(
    Schedule,
    { chatId: 'c1' },
    {
      store: { messages, connection: { state } },
      toasts: { say },
      navigation: { closeDialog },
      clock: { now: Date.now() },
    },
  )
  flushSync()
  const submit = () => page.target.querySelector('form')?.requestSubmit()
  return { ...page, send, say, closeDialog, submit }
}

it('plans files with or without words, and says that they go first', async () => {
  const { target, end, send, say, closeDialog, submit } = opened({ files: [FILE] })
  expect(target.textContent).toContain('informe.pdf')
  expect(target.textContent).toContain('Los archivos se suben primero')
  submit()
  expect(send).toHaveBeenCalledOnce()
  const [chatId, input] = send.mock.lastCall as [string, { send_at: number }]
  expect(chatId).toBe('c1')
  expect(input).toMatchObject({ text: '', files: [FILE] })
  expect(input.send_at).toBeGreaterThan(Date.now())
  expect(say).toHaveBeenCalledWith(expect.stringContaining('Se programará'))
  expect(closeDialog).toHaveBeenCalledOnce()
  await end()
})

it.each([
  ['live', 'Se enviará'],
  ['offline', 'Se programará'],
])('promises no more than it knows when the connection is %s', async (state, promise) => {
  const { target, end, say, submit } = opened({ text: ' mañana ' }, state)
  expect(target.textContent).not.toContain('Los archivos')
  submit()
  expect(say).toHaveBeenCalledWith(expect.stringContaining(promise))
  await end()
})

it('plans nothing of nothing', async () => {
  const { end, send, submit } = opened({ text: '  ' })
  submit()
  expect(send).not.toHaveBeenCalled()
  await end()
})
