/** SHA-256 by pieces (FIPS 180-4): the browser's own wants a file whole in memory, and pages over TLS only. */

const BLOCK = 64
/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = new Uint32Array(64)
/** And of the square roots of the first 8. */
const START = new Uint32Array(8)
fillConstants()

export class Sha256 {
  readonly #state = START.slice()
  readonly #words = new Uint32Array(64)
  readonly #rest = new Uint8Array(BLOCK)
  #held = 0
  #length = 0

  update(bytes: Uint8Array): void {
    this.#length += bytes.length
    let at = 0
    if (this.#held > 0) {
      at = Math.min(BLOCK - this.#held, bytes.length)
      this.#hold(bytes.subarray(0, at))
      if (this.#held === BLOCK) this.#flush()
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#block(view, at)
    this.#hold(bytes.subarray(at))
  }

  /** Lower-case hexadecimal; nothing may be added afterwards. */
  hex(): string {
    const length = this.#length
    this.#rest[this.#held] = 0x80
    this.#held += 1
    if (this.#held > BLOCK - 8) {
      this.#rest.fill(0, this.#held)
      this.#flush()
    }
    this.#rest.fill(0, this.#held)
    const view = new DataView(this.#rest.buffer)
    view.setUint32(BLOCK - 8, Math.floor(length / 0x2000_0000))
    view.setUint32(BLOCK - 4, (length << 3) >>> 0)
    this.#flush()
    return Array.from(this.#state, (word) => word.toString(16).padStart(8, '0')).join('')
  }

  #hold(bytes: Uint8Array): void {
    this.#rest.set(bytes, this.#held)
    this.#held += bytes.length
  }

  #flush(): void {
    this.#block(new DataView(this.#rest.buffer), 0)
    this.#held = 0
  }

  #block(view: DataView, from: number): void {
    const words = this.#words
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(from + index * 4)
    for (let index = 16; index < 64; index += 1) words[index] = expanded(words, index)
    mix(this.#state, words)
  }
}

function expanded(words: Uint32Array, index: number): number {
  const early = wordOf(words, index - 15)
  const late = wordOf(words, index - 2)
  const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
  const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
  return (wordOf(words, index - 16) + first + wordOf(words, index - 7) + second) | 0
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d] = [wordOf(state, 0), wordOf(state, 1), wordOf(state, 2), wordOf(state, 3)]
  let [e, f, g, h] = [wordOf(state, 4), wordOf(state, 5), wordOf(state, 6), wordOf(state, 7)]
  for (let index = 0; index < 64; index += 1) {
    const choice = (e & f) ^ (~e & g)
    const upper = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const first = (h + upper + choice + wordOf(ROUND, index) + wordOf(words, index)) | 0
    const lower = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const second = (lower + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  const mixed = Uint32Array.of(a, b, c, d, e, f, g, h)
  for (let index = 0; index < 8; index += 1) state[index] = wordOf(state, index) + wordOf(mixed, index)
}

function wordOf(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function fillConstants(): void {
  let found = 0
  for (let candidate = 2; found < 64; candidate += 1) {
    if (!isPrime(candidate)) continue
    if (found < 8) START[found] = fraction(Math.sqrt(candidate))
    ROUND[found] = fraction(Math.cbrt(candidate))
    found += 1
  }
}

function isPrime(candidate: number): boolean {
  for (let factor = 2; factor * factor <= candidate; factor += 1) if (candidate % factor === 0) return false
  return true
}

function fraction(value: number): number {
  return ((value - Math.floor(value)) * 0x1_0000_0000) >>> 0
}
