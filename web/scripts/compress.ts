import { minify } from 'terser'
import type { Plugin } from 'vite'

/**
 * Puts functions and constants where they are used once, and drops what is then seen to be never true, in what is
 * loaded before the first screen. Vite's own minifier, which comes after it, does neither, and gives the shorter names.
 */
export function compress(chunks: readonly string[]): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    renderChunk: {
      order: 'post',
      handler: (code, { name }, { sourcemap }) =>
        chunks.includes(name) ? compressed(code, sourcemap !== false) : null,
    },
  }
}

interface Compressed {
  code: string
  map: string | null
}

/** The same module with the names it has. Nothing is taken for granted but that nobody asks for the `length` of a function. */
export async function compressed(code: string, mapped: boolean): Promise<Compressed> {
  const short = await minify(code, {
    ecma: 2020,
    module: true,
    mangle: false,
    compress: { passes: 3, keep_fargs: false },
    sourceMap: mapped,
  })
  if (short.code === undefined) throw new Error('terser answered nothing')
  return { code: short.code, map: typeof short.map === 'string' ? short.map : null }
}
