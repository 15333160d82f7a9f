/** Draws a ThumbHash (https://evanw.github.io/thumbhash/): a picture of some 25 bytes that stands where one is to come. */

export interface Pixels {
  width: number
  height: number
  /** Red, green, blue, opacity. */
  data: Uint8ClampedArray<ArrayBuffer>
}

const LONG_SIDE = 32

interface Channel {
  dc: number
  ac: readonly number[]
}

/** Null for what is no hash. */
export function decodeThumbhash(text: string): Pixels | null {
  const hash = bytesOf(text)
  return hash === null || hash.length < 5 ? null : draw(hash)
}

function bytesOf(text: string): Uint8Array | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

interface Header {
  scaleL: number
  alpha: boolean
  lx: number
  ly: number
  ratio: number
}

function draw(hash: Uint8Array): Pixels {
  const byte = (at: number) => hash[at] ?? 0
  const header = byte(0) | (byte(1) << 8) | (byte(2) << 16)
  const head = headOf(header, byte(3) | (byte(4) << 8))
  const nibbles = new Nibbles(hash, head.alpha ? 6 : 5)
  const second = byte(3) | (byte(4) << 8)
  const l: Channel = {
    dc: (header & 63) / 63,
    ac: nibbles.channel(head.lx, head.ly, head.scaleL),
  }
  const p: Channel = {
    dc: ((header >> 6) & 63) / 31.5 - 1,
    ac: nibbles.channel(3, 3, (((second >> 3) & 63) / 63) * 1.25),
  }
  const q: Channel = {
    dc: ((header >> 12) & 63) / 31.5 - 1,
    ac: nibbles.channel(3, 3, (((second >> 9) & 63) / 63) * 1.25),
  }
  const a: Channel = head.alpha
    ? { dc: (byte(5) & 15) / 15, ac: nibbles.channel(5, 5, (byte(5) >> 4) / 15) }
    : { dc: 1, ac: [] }
  return paint(head, { l, p, q, a })
}

function headOf(header: number, second: number): Header {
  const alpha = header >> 23 !== 0
  const landscape = second >> 15 !== 0
  const most = alpha ? 5 : 7
  const [lx, ly] = [landscape ? most : second & 7, landscape ? second & 7 : most]
  return {
    scaleL: ((header >> 18) & 31) / 31,
    alpha,
    lx: Math.max(3, lx),
    ly: Math.max(3, ly),
    ratio: Math.max(1, lx) / Math.max(1, ly),
  }
}

/** The hash in half bytes, the lower half first. */
class Nibbles {
  readonly #hash: Uint8Array
  readonly #from: number
  #at = 0

  constructor(hash: Uint8Array, from: number) {
    this.#hash = hash
    this.#from = from
  }

  channel(nx: number, ny: number, scale: number): number[] {
    const factors: number[] = []
    for (let y = 0; y < ny; y += 1) {
      for (let x = y === 0 ? 1 : 0; x * ny < nx * (ny - y); x += 1)
        factors.push((this.#next() / 7.5 - 1) * scale)
    }
    return factors
  }

  #next(): number {
    const byte = this.#hash[this.#from + (this.#at >> 1)] ?? 0
    const half = (byte >> ((this.#at & 1) << 2)) & 15
    this.#at += 1
    return half
  }
}

function paint(head: Header, { l, p, q, a }: Record<'l' | 'p' | 'q' | 'a', Channel>): Pixels {
  const width = Math.max(1, Math.round(head.ratio > 1 ? LONG_SIDE : LONG_SIDE * head.ratio))
  const height = Math.max(1, Math.round(head.ratio > 1 ? LONG_SIDE / head.ratio : LONG_SIDE))
  const data = new Uint8ClampedArray(width * height * 4)
  const across = waves(width)
  const down = waves(height)
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4) {
      const [fx, fy] = [across[x] ?? [], down[y] ?? []]
      const light = valueAt(l, head.lx, head.ly, fx, fy)
      const pAt = valueAt(p, 3, 3, fx, fy)
      const qAt = valueAt(q, 3, 3, fx, fy)
      const blue = light - (2 / 3) * pAt
      const red = (3 * light - blue + qAt) / 2
      data[at] = 255 * red
      data[at + 1] = 255 * (red - qAt)
      data[at + 2] = 255 * blue
      data[at + 3] = 255 * valueAt(a, 5, 5, fx, fy)
    }
  }
  return { width, height, data }
}

function waves(length: number): number[][] {
  return Array.from({ length }, (_, at) =>
    Array.from({ length: 7 }, (_each, factor) => Math.cos((Math.PI / length) * (at + 0.5) * factor)),
  )
}

function valueAt(
  { dc, ac }: Channel,
  nx: number,
  ny: number,
  fx: readonly number[],
  fy: readonly number[],
): number {
  let value = dc
  if (ac.length === 0) return value
  for (let y = 0, at = 0; y < ny; y += 1) {
    const wave = (fy[y] ?? 0) * 2
    for (let x = y === 0 ? 1 : 0; x * ny < nx * (ny - y); x += 1, at += 1)
      value += (ac[at] ?? 0) * (fx[x] ?? 0) * wave
  }
  return value
}
