import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { ICONS } from '../src/ui/icons.ts'

const MODULE = 'virtual:icons'
const RESOLVED = `\0${MODULE}`

/** Makes one SVG sprite of the icons the client names and gives its address as `virtual:icons`. */
export function iconSprite(): Plugin {
  const file = createRequire(import.meta.url)
  let reference = ''
  let building = false
  return {
    name: 'icon-sprite',
    configResolved(config) {
      building = config.command === 'build'
    },
    buildStart() {
      if (!building) return
      reference = this.emitFile({ type: 'asset', name: 'icons.svg', source: sprite(file) })
    },
    configureServer(server) {
      server.middlewares.use('/icons.svg', (_request, response) => {
        response.setHeader('Content-Type', 'image/svg+xml')
        response.end(sprite(file))
      })
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined
      return `export default ${building ? `import.meta.ROLLUP_FILE_URL_${reference}` : '"/icons.svg"'}`
    },
  }
}

function sprite(require: NodeJS.Require): string {
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), 'utf8')
    const body = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, ' ').trim()}</symbol>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}
