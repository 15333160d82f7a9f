import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Where the build puts it. */
export const OUT = join(import.meta.dirname, '../../src/uptc_messenger/public/app')
const PAGE = join(OUT, 'index.html')
const ASSETS = join(OUT, 'assets')
const KILO = 1000

export interface Size {
  /** Thousands of bytes; of scripts and styles after gzip. */
  kilobytes: number
  limit: number
  /** What it should stay under, where that is less than the limit. */
  goal: number
}

export type Name = 'first JS' | 'to sign in' | 'first CSS' | 'largest lazy JS' | 'all JS' | 'page'

/** What the page loads first, what is added to sign in, the largest later chunk, and everything, as built. */
export function measureSizes(): Record<Name, Size> {
  const page = readFileSync(PAGE, 'utf8')
  const built = readdirSync(ASSETS)
  const scripts = built.filter((file) => file.endsWith('.js'))
  const named = built.filter((file) => page.includes(`"/assets/${file}"`))
  const first = named.filter((file) => file.endsWith('.js'))
  const lazy = scripts.filter((file) => !first.includes(file))
  const entry = lazy.filter((file) => /^(?:Entry|es\.later)-/.test(file))
  if (first.length === 0 || entry.length === 0) throw new Error('the client is not built as expected')
  return {
    'first JS': { kilobytes: sum(first), limit: 100, goal: 80 },
    'to sign in': bounded(sum(entry), 15),
    'first CSS': bounded(sum(named.filter((file) => file.endsWith('.css'))), 12),
    'largest lazy JS': bounded(Math.max(...lazy.map(gzipped)), 40),
    'all JS': bounded(sum(scripts), 250),
    page: bounded(statSync(PAGE).size / KILO, 4),
  }
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
