import { expect, it } from 'vitest'
import { linksIn, shortened } from './links.ts'

it('finds each address once, wherever it stands, and none in code', () => {
  const text =
    'Mira https://a.example/x\n\n- **https://b.example**\n\n> https://a.example/x\n\n`https://c.example`'
  expect(linksIn(text).map(shortened)).toEqual(['a.example/x', 'b.example'])
})

it('is read without its beginning', () => {
  expect(shortened('https://www.uptc.edu.co/')).toBe('uptc.edu.co')
})
