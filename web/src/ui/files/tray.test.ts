import { tick } from 'svelte'
import { expect, it, vi } from 'vitest'
import type { Draft } from '../../store/contract.ts'
import type { LocalFile } from '../../store/state.ts'
import { mounted } from '../mounted.fixtures.ts'
import Tray from './Tray.svelte'
import { TrayDraft } from './tray.fixtures.svelte.ts'

const file = (id: string, type: string): LocalFile => ({
  id,
  name: id,
  size: 1,
  type,
  width: 10,
  height: 10,
  alt: '',
  ...(type.startsWith('audio') ? { duration_ms: 1_000, waveform: [1] } : {}),
})

it('has the focus on what comes next when something is taken away, also where that is a voice note', async () => {
  const shown = new TrayDraft([file('voz', 'audio/webm'), file('foto', 'image/png')])
  const store = {
    messages: { draft: () => shown.draft, setDraft: (_: string, draft: Draft) => (shown.draft = draft) },
    files: { drop: vi.fn(), blob: () => Promise.resolve(new Blob(['x'])), sentHere: () => null },
    session: { me: null },
    connection: { state: 'live' },
  }
  const { target, end } = mounted(Tray, { chatId: 'c1', onempty: () => undefined }, { store, player: null })
  for (let turn = 0; turn < 20; turn += 1) await tick()
  const [, remove] = target.querySelectorAll<HTMLElement>('.remove')
  remove?.click()
  for (let turn = 0; turn < 10; turn += 1) await tick()
  expect(target.querySelectorAll('li')).toHaveLength(1)
  expect(document.activeElement?.className).toContain('play')
  await end()
})
