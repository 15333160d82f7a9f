import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const OUT = join(import.meta.dirname, '../../src/uptc_messenger/public/app')
const PAGE = 'index.html'
const KILO = 1000

export interface Size {
  /** Thousands of bytes; of scripts and styles after gzip. */
  kilobytes: number
  limit: number
  /** What it should stay under, where that is less than the limit. */
  goal: number
}

export type Name = 'first JS' | 'first CSS' | 'largest lazy JS' | 'all JS' | 'page'

interface Chunk {
  file: string
  imports?: string[]
  css?: string[]
}

/** What the first screen loads, each later chunk, and everything, of the client as it was built. */
export function measureSizes(): Record<Name, Size> {
  const manifest = JSON.parse(readFileSync(join(OUT, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  const scripts = Object.values(manifest).filter(({ file }) => file.endsWith('.js') && file !== 'sw.js')
  const first = [...closure(manifest, PAGE)]
  const firstFiles = new Set(first.map(({ file }) => file))
  const lazy = scripts.filter(({ file }) => !firstFiles.has(file)).map(({ file }) => gzipped(file))
  return {
    'first JS': { kilobytes: sum(firstFiles), limit: 100, goal: 80 },
    'first CSS': bounded(sum(new Set(first.flatMap(({ css }) => css ?? []))), 12),
    'largest lazy JS': bounded(Math.max(0, ...lazy), 40),
    'all JS': bounded(sum(new Set(scripts.map(({ file }) => file))), 250),
    page: bounded(statSync(join(OUT, PAGE)).size / KILO, 4),
  }
}

function bounded(kilobytes: number, limit: number): Size {
  return { kilobytes, limit, goal: limit }
}

/** The chunk and what it cannot begin without. */
function closure(manifest: Record<string, Chunk>, key: string, seen = new Set<Chunk>()): Set<Chunk> {
  const chunk = manifest[key]
  if (chunk === undefined || seen.has(chunk)) return seen
  seen.add(chunk)
  for (const next of chunk.imports ?? []) closure(manifest, next, seen)
  return seen
}

function sum(files: ReadonlySet<string>): number {
  return [...files].reduce((total, file) => total + gzipped(file), 0)
}

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(OUT, file)), { level: 9 }).length / KILO
}
