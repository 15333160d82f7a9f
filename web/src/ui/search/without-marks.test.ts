import { expect, it } from 'vitest'
import { pieces, type Range } from './pieces.ts'
import { withoutMarks } from './without-marks.ts'

/** The excerpt of a text in which these words were found, with brackets around them. */
function shown(written: string, ...words: string[]): string {
  const ranges = words.map((word): Range => {
    const start = Array.from(written.slice(0, written.indexOf(word))).length
    return [start, start + Array.from(word).length]
  })
  const { text, ranges: found } = withoutMarks(written, ranges)
  return pieces(text, found)
    .map((piece) => (piece.mark ? `[${piece.text}]` : piece.text))
    .join('')
}

it('takes the marks away and still points at what was found', () => {
  expect(shown('😀 El **parcial** es el _lunes_', 'parcial', 'lunes')).toBe('😀 El [parcial] es el [lunes]')
  expect(shown('mira:\n\n- uno\n- **dos**', 'dos')).toBe('mira: uno [dos]')
  expect(shown('el **parcial** es', 'el **parcial')).toBe('[el parcial] es')
  expect(shown('`a * b` de @ana', 'ana')).toBe('a * b de @[ana]')
})

it('shows the text as it is written where the markup itself was found', () => {
  expect(shown('[ver](https://uptc.edu.co/notas)', 'notas')).toBe('[ver](https://uptc.edu.co/[notas])')
})

it('leaves plain text alone', () => {
  expect(shown('hola a todos')).toBe('hola a todos')
})
