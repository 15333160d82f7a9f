/** How much room pictures take, known before a byte of them has come: from their sizes alone, whatever the screen. */

/** At least so much of a picture is seen that one knows what it is. */
const NARROWEST = 0.6
const WIDEST = 2.4
/** In an album nothing is so narrow or so flat that its neighbours vanish. */
const CELL_NARROWEST = 0.7
const CELL_WIDEST = 1.7
const WIDTH_PX = 420
const HEIGHT_PX = 380
/** A tiny picture still has room for its buttons. */
const LEAST_PX = 120
/** Where nothing is known of it. */
const UNKNOWN = 4 / 3

export interface Sized {
  width?: number | null | undefined
  height?: number | null | undefined
}

export interface Layout {
  /** Of the whole, in CSS pixels; less where the screen is narrower. */
  width: number
  /** Width by height of the whole. */
  ratio: number
  /** From top to bottom; each with its share of the height and its pictures' shares of the width. Shares sum to 1. */
  rows: readonly { share: number; cells: readonly number[] }[]
}

/** How many stand beside each other in each line. */
const LINES: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [2, 2, 3],
  [2, 3, 3],
  [3, 3, 3],
  [3, 3, 4],
]

export function layoutOf(pictures: readonly Sized[]): Layout {
  const [only] = pictures
  if (only !== undefined && pictures.length === 1) return single(only)
  const lines = linesOf(pictures)
  // One is as high as its width divided by the sum of its ratios.
  const heights = lines.map((cells) => 1 / sum(cells))
  const height = sum(heights)
  const rows = lines.map((cells, index) => ({
    share: (heights[index] ?? 0) / height,
    cells: sharesOf(cells),
  }))
  return { width: WIDTH_PX, ratio: 1 / height, rows }
}

function single(picture: Sized): Layout {
  const ratio = clamp(ratioOf(picture), NARROWEST, WIDEST)
  const natural = Math.max(LEAST_PX, picture.width ?? WIDTH_PX)
  const width = Math.round(Math.min(WIDTH_PX, HEIGHT_PX * ratio, natural))
  return { width, ratio, rows: [{ share: 1, cells: [1] }] }
}

function linesOf(pictures: readonly Sized[]): number[][] {
  const plan = LINES[pictures.length] ?? Array.from({ length: Math.ceil(pictures.length / 3) }, () => 3)
  let at = 0
  return plan.map((count) => {
    const cells = pictures.slice(at, at + count)
    at += count
    return cells.map((picture) => clamp(ratioOf(picture), CELL_NARROWEST, CELL_WIDEST))
  })
}

/** Not the ratios themselves: growth factors that sum to less than 1 leave a line half empty. */
function sharesOf(ratios: readonly number[]): number[] {
  const whole = sum(ratios)
  return ratios.map((ratio) => ratio / whole)
}

function ratioOf({ width, height }: Sized): number {
  return width && height ? width / height : UNKNOWN
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
