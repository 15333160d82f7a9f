/** A part of the interface on a page of its own, with as much of the rest as a test gives it. */
import { mount, unmount, type Component } from 'svelte'
import { es } from '../i18n/es.ts'
import { createFormat } from '../i18n/format.ts'
import Provide from './Provide.fixture.svelte'
import type { Ui } from './ui.svelte.ts'

export function mounted<Given extends Record<string, unknown>>(
  part: Component<Given>,
  given: Given,
  ui: object,
): { target: HTMLElement; end: () => Promise<void> } {
  const target = document.createElement('div')
  document.body.append(target)
  const whole = {
    t: es,
    format: createFormat('es'),
    clock: { now: Date.parse('2026-11-26T15:00:00Z') },
    navigation: { closeDialog: () => undefined },
    columns: { beside: () => false },
    explain: () => 'No.',
    nameOf: () => 'Ana',
    who: () => 'Ana',
    announce: () => undefined,
    ...ui,
  } as unknown as Ui
  const shown = mount(Provide as Component<{ ui: Ui; part: Component<Given>; given: Given }>, {
    target,
    props: { ui: whole, part, given },
  })
  return {
    target,
    end: async () => {
      await unmount(shown)
      target.remove()
    },
  }
}
