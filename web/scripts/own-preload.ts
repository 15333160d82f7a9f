import { join } from 'node:path'
import type { Plugin } from 'vite'

const VITES = '\0vite/preload-helper.js'
const OURS = join(import.meta.dirname, '../src/preload.ts')

/** Ours in place of what Vite puts around every `import()`, which is three times as long for browsers that we have not. */
export function ownPreload(): Plugin {
  let found = false
  return {
    name: 'own-preload',
    apply: 'build',
    enforce: 'pre',
    resolveId: {
      filter: { id: new RegExp(`^${VITES}$`) },
      handler: () => {
        found = true
        return OURS
      },
    },
    buildEnd() {
      if (!found) this.error('Vite has another name for its preload helper')
    },
  }
}
