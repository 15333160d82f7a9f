/**
 * QR codes (ISO/IEC 18004), as much as a link needs: bytes, error correction M, versions 1 to 10.
 *
 * Made here, so that the secret of an invitation goes to no server and into no address.
 */

/** Rows of modules, true is dark; without the quiet zone. */
export type Modules = boolean[][]

/** For level M: error correction bytes of a block, and the data bytes of each block. */
const BLOCKS: readonly [number, readonly number[]][] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
]
const ALIGNMENT: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

const EXP = new Uint8Array(512)
const LOG = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value
  LOG[value] = power
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0)
}

/** The code of a text; null where it is too long (213 bytes). */
export function encode(text: string, mask: number | null = null): Modules | null {
  const bytes = new TextEncoder().encode(text)
  const index = BLOCKS.findIndex(([, blocks], at) => bytes.length + (at < 9 ? 2 : 3) <= sum(blocks))
  if (index === -1) return null
  const version = index + 1
  const words = interleave(dataWords(bytes, version), version)
  const drawn = (which: number) => draw(words, version, which)
  if (mask !== null) return drawn(mask)
  const all = MASKS.map((_, which) => drawn(which))
  return all.reduce((best, each) => (penalty(each) < penalty(best) ? each : best))
}

function dataWords(bytes: Uint8Array, version: number): number[] {
  const capacity = sum(blocksOf(version)[1])
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1)
  }
  put(4, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) put(byte, 8)
  put(0, Math.min(4, capacity * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const words = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((word, bit) => word * 2 + bit, 0),
  )
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad)
  return words
}

function interleave(words: number[], version: number): number[] {
  const [corrections, lengths] = blocksOf(version)
  let from = 0
  const data = lengths.map((length) => words.slice(from, (from += length)))
  const checks = data.map((block) => correction(block, corrections))
  const across = (blocks: number[][]) =>
    Array.from({ length: Math.max(...blocks.map((block) => block.length)) }, (_, at) =>
      blocks.flatMap((block) => block.slice(at, at + 1)),
    ).flat()
  return [...across(data), ...across(checks)]
}

/** The remainder of the data by the generator polynomial, in GF(256). */
function correction(data: readonly number[], count: number): number[] {
  let generator = [1]
  for (let power = 0; power < count; power += 1) {
    const next = [...generator, 0]
    generator.forEach((factor, at) => (next[at + 1] = (next[at + 1] ?? 0) ^ times(factor, EXP[power] ?? 0)))
    generator = next
  }
  const rest = [...data, ...Array.from({ length: count }, () => 0)]
  for (let at = 0; at < data.length; at += 1) {
    const lead = rest[at] ?? 0
    generator.forEach(
      (factor, offset) => (rest[at + offset] = (rest[at + offset] ?? 0) ^ times(factor, lead)),
    )
  }
  return rest.slice(data.length)
}

function times(one: number, other: number): number {
  return one === 0 || other === 0 ? 0 : (EXP[(LOG[one] ?? 0) + (LOG[other] ?? 0)] ?? 0)
}

function draw(words: readonly number[], version: number, mask: number): Modules {
  const size = version * 4 + 17
  const modules: (boolean | null)[][] = Array.from({ length: size }, () =>
    Array<boolean | null>(size).fill(null),
  )
  const set = (row: number, column: number, dark: boolean) => {
    const line = modules[row]
    if (line !== undefined && column >= 0 && column < size) line[column] = dark
  }
  drawPatterns(set, size, version)
  drawFormat(set, size, mask)
  drawVersion(set, size, version)
  const masked = MASKS[mask] ?? (() => false)
  let at = 0
  for (const [row, column] of path(size)) {
    if (modules[row]?.[column] !== null) continue
    const bit = ((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1
    set(row, column, (bit === 1) !== masked(row, column))
    at += 1
  }
  return modules.map((line) => line.map((dark) => dark === true))
}

type Setter = (row: number, column: number, dark: boolean) => void

function drawPatterns(set: Setter, size: number, version: number): void {
  for (let at = 8; at < size - 8; at += 1) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    square(set, row, column, 4, (ring) => ring !== 2 && ring !== 4)
  drawAlignment(set, ALIGNMENT[version - 1] ?? [])
}

function drawAlignment(set: Setter, centres: readonly number[]): void {
  const first = centres[0] ?? 0
  const last = centres.at(-1) ?? 0
  // Three corners have the large patterns already.
  const taken = new Set([`${first},${first}`, `${first},${last}`, `${last},${first}`])
  for (const row of centres)
    for (const column of centres)
      if (!taken.has(`${row},${column}`)) square(set, row, column, 2, (ring) => ring !== 1)
}

function square(
  set: Setter,
  row: number,
  column: number,
  reach: number,
  dark: (ring: number) => boolean,
): void {
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1)
      set(row + dy, column + dx, dark(Math.max(Math.abs(dx), Math.abs(dy))))
}

/** Error correction M is 0 in its two bits, so the mask alone is the number. */
function drawFormat(set: Setter, size: number, mask: number): void {
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412
  for (let at = 0; at < 15; at += 1) {
    const dark = ((bits >> at) & 1) === 1
    set(at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, 8, dark)
    set(8, at < 8 ? size - 1 - at : at === 8 ? 7 : 14 - at, dark)
  }
  set(size - 8, 8, true)
}

function drawVersion(set: Setter, size: number, version: number): void {
  if (version < 7) return
  const bits = (version << 12) | remainder(version, 12, 0x1f25)
  for (let at = 0; at < 18; at += 1) {
    const dark = ((bits >> at) & 1) === 1
    set(size - 11 + (at % 3), Math.floor(at / 3), dark)
    set(Math.floor(at / 3), size - 11 + (at % 3), dark)
  }
}

function remainder(value: number, bits: number, generator: number): number {
  let rest = value
  for (let at = 0; at < bits; at += 1) rest = (rest << 1) ^ ((rest >> (bits - 1)) * generator)
  return rest
}

/** Two columns at a time from the right, up and down in turn; the column of the timing pattern is skipped. */
function* path(size: number): Generator<[number, number]> {
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      const row = up ? size - 1 - step : step
      yield [row, right]
      yield [row, right - 1]
    }
    up = !up
  }
}

/** How hard a code is to read, by the four rules of the standard. */
function penalty(modules: Modules): number {
  const columns = modules.map((_, at) => modules.map((line) => line[at] === true))
  const lines = [...modules, ...columns].map((line) => line.map((dark) => (dark ? '1' : '0')).join(''))
  const runs = lines.flatMap((line) => line.match(/0{5,}|1{5,}/g) ?? [])
  const finders = lines.reduce((count, line) => count + overlapping(line), 0)
  const dark = modules.flat().filter(Boolean).length / modules.length ** 2
  return (
    runs.reduce((total, run) => total + run.length - 2, 0) +
    blocksOfFour(modules) * 3 +
    finders * 40 +
    Math.floor(Math.abs(dark * 100 - 50) / 5) * 10
  )
}

function overlapping(line: string): number {
  return [...line.matchAll(/(?=10111010000|00001011101)/g)].length
}

function blocksOfFour(modules: Modules): number {
  let count = 0
  for (let row = 1; row < modules.length; row += 1)
    for (let column = 1; column < modules.length; column += 1) {
      const dark = modules[row]?.[column]
      const same =
        modules[row - 1]?.[column] === dark &&
        modules[row]?.[column - 1] === dark &&
        modules[row - 1]?.[column - 1] === dark
      if (same) count += 1
    }
  return count
}

function blocksOf(version: number): readonly [number, readonly number[]] {
  return BLOCKS[version - 1] ?? [0, []]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
