import type { Plugin } from 'vite'

const MODULE = /\/svelte\/src\/internal\/client\/dom\/hydration\.js$/
const FLAG = 'export let hydrating = false;'
const WRITE = 'hydrating = value;'

/**
 * Our pages are never made by the server, so that there is nothing to take over. Svelte guards all that does so with
 * one flag and says that a bundler may drop it; ours does where the flag is a constant.
 */
export function noHydration(): Plugin {
  return {
    name: 'no-hydration',
    apply: 'build',
    transform: {
      filter: { id: MODULE },
      handler: (code) => ({ code: withoutFlag(code), map: null }),
    },
  }
}

/** Fails where Svelte has another form: somebody has to look. */
export function withoutFlag(code: string): string {
  if (!code.includes(FLAG) || !code.includes(WRITE)) throw new Error('hydration.js of Svelte has changed')
  return code.replace(FLAG, FLAG.replace('let', 'const')).replace(WRITE, '')
}
