import { describe, expect, it } from 'vitest'
import golden from '../../../tests/golden/markdown.json'
import { parse } from './parse'
import { excerpt, mentioned } from './plain'

describe('the vectors that Python runs too', () => {
  it.each(golden.cases)('$name', ({ text, tree, mentions, excerpt: line }) => {
    expect(parse(text)).toEqual(tree)
    expect(mentioned(text)).toEqual(mentions)
    expect(excerpt(text, golden.excerpt_limit)).toBe(line)
  })
})

const HOSTILE = [
  '*',
  '[',
  '`',
  '>',
  '_',
  '* ',
  '*a ',
  '[a](',
  '[a](x',
  'http://',
  'http://.',
  'mailto:a,',
  'mailto:a@',
  'www.a ',
  'www.',
  '@aaa',
  '\\',
  '~~a ',
  '``` ` ',
  '- ',
  '> >',
  '```\n',
  '1. a\n',
  'h',
]

describe('time', () => {
  it.each(HOSTILE)('does not grow with the square of a text of nothing but %j', (piece) => {
    const small = best(piece, 4_000)
    const large = best(piece, 64_000)
    // Sixteen times the text: linear gives 16, quadratic 256. What else the machine does is not counted.
    expect(large / Math.max(small, 0.5)).toBeLessThan(100)
  })
})

function best(piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length))
  const times = Array.from({ length: 5 }, () => {
    const start = process.threadCpuUsage().user
    parse(text)
    return (process.threadCpuUsage().user - start) / 1000
  })
  return Math.min(...times)
}
