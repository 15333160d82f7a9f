import { afterEach, expect, it } from 'vitest'
import { focusFault } from './faults'
import { until } from '../../waiting.fixtures'

afterEach(() => (document.body.innerHTML = ''))

function form(fields: string): HTMLFormElement {
  document.body.innerHTML = `<form>${fields}</form><button id="other"></button>`
  document.querySelector('button')?.focus()
  return document.forms[0] ?? document.createElement('form')
}

it('goes to the first field that is wrong', async () => {
  focusFault(form('<input id="a"><input id="b" aria-invalid="true"><input id="c" aria-invalid="true">'))
  await until(() => expect(document.activeElement?.id).toBe('b'))
})

it('stays where one is when nothing is wrong', async () => {
  focusFault(form('<input id="a" aria-invalid="false">'))
  await new Promise(requestAnimationFrame)
  expect(document.activeElement?.id).toBe('other')
})
