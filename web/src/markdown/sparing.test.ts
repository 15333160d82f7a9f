import { describe, expect, it } from 'vitest'
import { parse } from './parse'
import { inlineText } from './plain'
import { sparing } from './sparing'
import type { Block, Inline } from './tree'

function count(nodes: readonly (Block | Inline)[]): number {
  return nodes.reduce((sum, node) => {
    const inner = 'children' in node ? node.children : 'items' in node ? node.items.flat() : []
    return sum + 1 + count(inner)
  }, 0)
}

const anybody = () => true

describe('sparing', () => {
  it.each(['*_'.repeat(500) + 'x' + '_*'.repeat(500), '*a* '.repeat(600), '> [x](https://a.b) '.repeat(300)])(
    'makes few pieces of %.20j…',
    (text) => {
      expect(count(parse(text))).toBeGreaterThan(250)
      expect(count(sparing(parse(text), anybody))).toBeLessThan(250)
    },
  )

  it('leaves an ordinary text as it is', () => {
    const blocks = parse('**uno** y *dos*\n- [tres](https://a.b)\n> `cuatro` @ana\n```\ncinco\n```')
    expect(sparing(blocks, anybody)).toEqual(blocks)
  })

  it('loses no letter', () => {
    const said = (blocks: readonly Block[]): string =>
      blocks.flatMap((block) => (block.type === 'paragraph' ? block.children.map(inlineText) : [])).join('')
    const text = '*a* b\n'.repeat(200)
    expect(said(sparing(parse(text), anybody, 5))).toBe(said(parse(text)))
  })

  it('shows as text what calls nobody', () => {
    expect(sparing(parse('hola @todos y **@ana**'), (name) => name === 'ana')).toEqual([
      {
        type: 'paragraph',
        children: [
          { type: 'text', text: 'hola @todos' },
          { type: 'text', text: ' y ' },
          { type: 'strong', children: [{ type: 'mention', name: 'ana' }] },
        ],
      },
    ])
  })
})
