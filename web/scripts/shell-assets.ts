import type { Plugin } from 'vite'

const PLACE = '__SHELL_ASSETS__'

/** Writes the list of built files, and a version made of it, into the service worker. */
export function shellAssets(): Plugin {
  return {
    name: 'shell-assets',
    apply: 'build',
    enforce: 'post',
    // After the page was made: an entry that only names another file is none any more then.
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle['sw.js']
        if (worker?.type !== 'chunk') return
        const assets = Object.keys(bundle)
          .filter((name) => name.startsWith('assets/'))
          .map((name) => `/${name}`)
          .sort()
        worker.code = worker.code.replace(PLACE, () => JSON.stringify(assets))
      },
    },
  }
}
