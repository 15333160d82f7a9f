import { mount, tick, unmount } from 'svelte'
import { expect, it } from 'vitest'
import Choice from './Choice.svelte'

it('stays what it was where the choice was refused', async () => {
  const target = document.createElement('div')
  document.body.append(target)
  const options = ['a', 'b'].map((value) => ({ value, label: value }))
  const onchoose = () => Promise.resolve(false)
  const shown = mount(Choice, { target, props: { legend: 'x', options, value: 'a', onchoose } })
  const [first, second] = target.querySelectorAll('input')
  if (second !== undefined) second.checked = true
  second?.dispatchEvent(new Event('change', { bubbles: true }))
  for (let turn = 0; turn < 10; turn += 1) await tick()
  expect([first?.checked, second?.checked]).toEqual([true, false])
  await unmount(shown)
  target.remove()
})
