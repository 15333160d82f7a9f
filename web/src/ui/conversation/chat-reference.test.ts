import { describe, expect, it } from 'vitest'
import { parse } from '../../markdown/parse.ts'
import { chatRow } from '../chats/samples.ts'
import { chatReferences } from './chat-reference.ts'

const refer = (titles: readonly string[], word: string) =>
  chatReferences(
    titles.map((title, index) => chatRow(`chat-${index}`, { title })),
    word,
    'https://chat.example',
    (kind) => kind,
  )

describe('a reference to a conversation', () => {
  it('is a link to it, found by any word and blind to accents', () => {
    const [found] = refer(['Diseño de redes', 'Otra cosa'], 'diseno')
    expect(found).toMatchObject({
      insert: '[#Diseño de redes](https://chat.example/c/chat-0) ',
      label: 'Diseño de redes',
      glyph: '#',
    })
  })

  it('keeps a title with marks a title', () => {
    for (const title of ['[1] **Redes** `x`', 'a_b_c ~~no~~ (2)', '\\ <b> @all']) {
      const [found] = refer([title], '')
      const [block] = parse(found?.insert ?? '')
      expect(block).toMatchObject({
        type: 'paragraph',
        children: [
          {
            type: 'link',
            href: 'https://chat.example/c/chat-0',
            children: [{ type: 'text', text: `#${title.replace('[1]', '(1)')}` }],
          },
        ],
      })
    }
  })

  it('leaves out direct chats, which nobody else could open', () => {
    const rows = [chatRow('d', { title: 'Ana', chat: { kind: 'direct' } })]
    expect(chatReferences(rows, '', 'https://chat.example', (kind) => kind)).toEqual([])
  })
})
