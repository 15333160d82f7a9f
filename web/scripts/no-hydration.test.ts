import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withoutFlag } from './no-hydration.ts'

const SVELTE = join(import.meta.dirname, '../node_modules/svelte/src/internal/client/dom/hydration.js')

it('makes a constant of the flag of the Svelte that is installed', () => {
  const code = withoutFlag(readFileSync(SVELTE, 'utf8'))
  expect(code).toContain('export const hydrating = false;')
  expect(code).not.toMatch(/^\s*hydrating = /m)
})

it('refuses what it does not know', () => {
  expect(() => withoutFlag('export let hydrates = false')).toThrow('changed')
})
