// Fails when the built client outgrows its budget: what the first screen loads, each later chunk, and everything.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const OUT = join(import.meta.dirname, '../../src/uptc_messenger/public/app')
const KILO = 1000
const LIMITS = { 'first JS': 100, 'first CSS': 12, 'largest lazy JS': 40, 'all JS': 250 }
const FIRST_JS_GOAL = 80

const manifest = JSON.parse(readFileSync(join(OUT, '.vite/manifest.json'), 'utf8'))
const gzipped = (file) => gzipSync(readFileSync(join(OUT, file)), { level: 9 }).length / KILO
const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0)

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}

const chunks = Object.values(manifest).filter((chunk) => chunk.file.endsWith('.js') && chunk.file !== 'sw.js')
const first = [...closure('index.html')].map((key) => manifest[key])
const firstFiles = new Set(first.map((chunk) => chunk.file))
const lazy = chunks.filter((chunk) => !firstFiles.has(chunk.file)).map((chunk) => gzipped(chunk.file))
const sizes = {
  'first JS': sum(firstFiles),
  'first CSS': sum(new Set(first.flatMap((chunk) => chunk.css ?? []))),
  'largest lazy JS': Math.max(0, ...lazy),
  'all JS': sum(new Set(chunks.map((chunk) => chunk.file))),
}

for (const [name, size] of Object.entries(sizes))
  console.log(`${name.padEnd(16)} ${size.toFixed(1).padStart(6)} kB gzip, limit ${LIMITS[name]}`)
if (sizes['first JS'] > FIRST_JS_GOAL) console.warn(`first JS is over its goal of ${FIRST_JS_GOAL} kB`)
if (statSync(join(OUT, 'index.html')).size > 4 * KILO) throw new Error('index.html is over 4 kB')
if (Object.keys(LIMITS).some((name) => sizes[name] > LIMITS[name])) process.exitCode = 1
