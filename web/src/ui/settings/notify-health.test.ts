import { tick } from 'svelte'
import { expect, it, vi } from 'vitest'
import { mounted } from '../mounted.fixtures.ts'
import NotifyHealth from './NotifyHealth.svelte'
import type { TellingState } from './telling.svelte.ts'

it.each([
  [
    'mail',
    'Enviar un correo de prueba',
    'Enviado. Si no llega en unos minutos, mira en el correo no deseado.',
  ],
  [
    'push',
    'Enviar un aviso de prueba',
    'Enviado. Si no aparece, revisa el modo «no molestar» del dispositivo.',
  ],
])('says of a test by %s where to look for it', async (channel, button, said) => {
  const attempt = vi.fn().mockResolvedValue({ ok: true, value: { hop: 'none', detail: '' } })
  const health = {
    push: 'on',
    device: { session_id: 's', device: '', service: '', current: true, since: '' },
    worker: { waiting: 0, lag_ms: 0 },
    mail: 'on',
    address_state: 'confirmed',
    quiet: false,
  }
  const page = { health, telling: { attempt }, look: () => Promise.resolve() } as unknown as TellingState
  const { target, end } = mounted(
    NotifyHealth,
    { page },
    {
      store: { shared: false, connection: { state: 'live' } },
      notifier: { permission: 'granted', on: false },
      unwrap: (outcome: unknown) => outcome,
    },
  )
  await tick()
  const buttons = [...target.querySelectorAll('button')]
  buttons.find((each) => each.textContent.trim() === button)?.click()
  await vi.waitFor(() => expect(target.querySelector('[role=status]')?.textContent).toBe(said))
  expect(attempt).toHaveBeenCalledExactlyOnceWith(channel)
  await end()
})
