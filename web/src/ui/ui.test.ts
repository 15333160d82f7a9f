import { expect, it } from 'vitest'
import { Ui } from './ui.svelte.ts'

it('says what comes in one moment together, and the same words again', async () => {
  const ui = new Ui({} as never)
  ui.announce('Beto: uno')
  ui.announce('Beto: dos')
  await Promise.resolve()
  expect(ui.spoken).toBe('Beto: uno\nBeto: dos')
  ui.announce('Beto: dos')
  await Promise.resolve()
  const before = ui.spoken
  ui.announce('Beto: dos')
  await Promise.resolve()
  expect(ui.spoken).not.toBe(before)
  expect(ui.spoken.trim()).toBe('Beto: dos')
})

it('says no more of a burst than can be listened to', async () => {
  const ui = new Ui({} as never)
  for (let each = 1; each <= 40; each += 1) ui.announce(String(each))
  await Promise.resolve()
  expect(ui.spoken).toBe('36\n37\n38\n39\n40')
})
