import { flushSync } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import { expect, it, vi } from 'vitest'
import FailedScheduled from './FailedScheduled.svelte'
import { mounted } from './mounted.fixtures.ts'

const FAILED = { failure: { code: 'not_found', message: '' } }

/** What the store knows, as the component reads it. */
function scene(first: object[]) {
  const state = new SvelteMap<string, unknown>([['line', 'offline']])
  const list = vi.fn().mockResolvedValue({ ok: true, value: first })
  const [open, fail] = [vi.fn(), vi.fn()]
  const store = {
    connection: {
      get state() {
        return state.get('line')
      },
    },
    messages: {
      get scheduled_news() {
        return state.get('news') ?? null
      },
      later: () => Promise.resolve({ list }),
    },
  }
  const ui = { store, navigation: { open }, toasts: { fail }, whole: (part: unknown) => part }
  const tell = (what: string, value: unknown) => flushSync(() => state.set(what, value))
  return { ...mounted(FailedScheduled, {}, ui), list, open, fail, tell }
}

it('what failed while nobody was here is told of by a line that leads to the list', async () => {
  const { target, end, list, open, fail, tell } = scene([FAILED, {}])
  flushSync()
  expect(list).not.toHaveBeenCalled()
  tell('line', 'live')
  await vi.waitFor(() => expect(target.textContent).toContain('1 mensaje programado no se envió'))
  target.querySelector('button')?.click()
  expect(open).toHaveBeenCalledExactlyOnceWith({ name: 'scheduled', chatId: null })
  // It was no news.
  expect(fail).not.toHaveBeenCalled()
  tell('line', 'connecting')
  tell('line', 'live')
  expect(list).toHaveBeenCalledTimes(1)
  await end()
})

it('what fails now is said, and the line goes with the last of them', async () => {
  const { target, end, list, fail, tell } = scene([])
  tell('line', 'live')
  await vi.waitFor(() => expect(list).toHaveBeenCalledTimes(1))
  list.mockResolvedValue({ ok: true, value: [FAILED, FAILED] })
  tell('news', { state: 'failed' })
  await vi.waitFor(() => expect(target.textContent).toContain('2 mensajes programados no se enviaron'))
  expect(fail).toHaveBeenCalledExactlyOnceWith('No se pudo enviar un mensaje programado.')
  list.mockResolvedValue({ ok: true, value: [] })
  tell('news', { state: 'cancelled' })
  await vi.waitFor(() => expect(target.textContent.trim()).toBe(''))
  await end()
})
