import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Where the build puts it. */
export const OUT = join(import.meta.dirname, '../../src/uptc_messenger/public/app')
const PAGE = join(OUT, 'index.html')
const ASSETS = join(OUT, 'assets')
const KILO = 1000
/** The list and the conversations. */
const HOME = 'home-'

export interface Size {
  /** Thousands of bytes; of scripts and styles after gzip. */
  kilobytes: number
  limit: number
  /** What it should stay under, where that is less than the limit. */
  goal: number
}

export type Name = 'first JS' | 'form JS' | 'first CSS' | 'largest lazy JS' | 'all JS' | 'page'

/** What there is before a conversation shows, and before the form does, the largest other chunk, and everything. */
export function measureSizes(): Record<Name, Size> {
  const page = readFileSync(PAGE, 'utf8')
  const built = readdirSync(ASSETS)
  const scripts = built.filter((file) => file.endsWith('.js'))
  const named = built.filter((file) => page.includes(`"/assets/${file}"`))
  const shared = named.filter((file) => file.endsWith('.js'))
  const styles = built.filter(
    (file) => file.endsWith('.css') && (named.includes(file) || file.startsWith(HOME)),
  )
  const home = scripts.filter((file) => file.startsWith(HOME))
  const entry = scripts.filter((file) => /^(?:Entry|es\.entry)-/.test(file))
  const first = withImports([...shared, ...home])
  const form = withImports([...shared, ...entry])
  const lazy = scripts.filter((file) => !first.includes(file))
  if (
    shared.length === 0 ||
    home.length !== 1 ||
    entry.length !== 2 ||
    form.some((file) => home.includes(file))
  )
    throw new Error('the client is not built as expected')
  return {
    'first JS': { kilobytes: sum(first), limit: 81, goal: 80 },
    'form JS': bounded(sum(form), 60),
    'first CSS': bounded(sum(styles), 12),
    'largest lazy JS': bounded(Math.max(...lazy.map(gzipped)), 40),
    'all JS': bounded(sum(scripts), 250),
    page: bounded(statSync(PAGE).size / KILO, 4),
  }
}

/** These files and every file that one of them cannot do without. */
function withImports(files: readonly string[]): string[] {
  const all = new Set(files)
  for (const file of all)
    for (const [, needed] of readFileSync(join(ASSETS, file), 'utf8').matchAll(
      /(?:from|import)"\.\/([^"]+)"/g,
    ))
      if (needed !== undefined) all.add(needed)
  return [...all]
}

function bounded(kilobytes: number, limit: number): Size {
  return { kilobytes, limit, goal: limit }
}

function sum(files: readonly string[]): number {
  return files.reduce((total, file) => total + gzipped(file), 0)
}

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(ASSETS, file)), { level: 9 }).length / KILO
}
