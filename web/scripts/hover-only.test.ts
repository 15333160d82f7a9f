import postcss from 'postcss'
import { expect, test } from 'vitest'
import { hoverOnly } from './hover-only.ts'

const styled = (css: string) =>
  postcss([hoverOnly()])
    .process(css, { from: undefined })
    .css.replace(/\s*([{}])\s*/g, ' $1 ')
    .replace(/\s+/g, ' ')
    .trim()

test('a hovered rule is for pointers that hover', () => {
  expect(styled('a:hover { color: red }')).toBe('@media (hover: hover) { a:hover { color: red } }')
})

test('what is not hovered keeps the rule', () => {
  expect(styled('a:hover, a:focus-visible { color: red }')).toBe(
    'a:focus-visible { color: red } @media (hover: hover) { a:hover { color: red } }',
  )
})

test('a comma within brackets parts nothing', () => {
  expect(styled('a:hover:not(.b, .c) { color: red }')).toBe(
    '@media (hover: hover) { a:hover:not(.b, .c) { color: red } }',
  )
})

test('who asked for the pointer is left alone', () => {
  const css = '@media (hover: none) { a:hover { color: red } }'
  expect(styled(css)).toBe(css)
})

test('within another condition it stays there', () => {
  expect(styled('@media (min-width: 1px) { a:hover { color: red } }')).toBe(
    '@media (min-width: 1px) { @media (hover: hover) { a:hover { color: red } } }',
  )
})
