import { tick } from 'svelte'
import { expect, it, vi } from 'vitest'
import { problem } from '../../protocol/problem.ts'
import { mounted } from '../mounted.fixtures.ts'
import Gallery from './Gallery.svelte'

it('asks once, and after a failure only whoever tries again asks', async () => {
  const gallery = vi.fn().mockResolvedValue({ ok: false, problem: problem('offline') })
  const store = { files: { gallery }, search: { ask: gallery } }
  const { target, end } = mounted(Gallery, { chatId: 'c1' }, { store })
  for (let turn = 0; turn < 20; turn += 1) await tick()
  expect(gallery).toHaveBeenCalledOnce()
  const [again] = [...target.querySelectorAll('button')].filter(
    (button) => button.textContent === 'Reintentar',
  )
  again?.click()
  for (let turn = 0; turn < 20; turn += 1) await tick()
  expect(gallery).toHaveBeenCalledTimes(2)
  await end()
})
