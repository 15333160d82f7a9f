/** A message's text without its marks: for previews, quotes and mentions. */
import { parse } from './parse'
import type { Block, Inline } from './tree'

/** One line of plain text of at most `limit` characters, the last an ellipsis when it was cut. */
export function excerpt(text: string, limit: number): string {
  const words = parse(text)
    .map(blockText)
    .join(' ')
    .split(/[ \t\n\u00a0\u3000]+/)
  const characters = Array.from(words.filter((word) => word !== '').join(' '))
  if (characters.length <= limit) return characters.join('')
  return (
    characters
      .slice(0, limit - 1)
      .join('')
      .replace(/ $/, '') + '…'
  )
}

/** So much of a text says what it begins with, and reading 16 KiB of marks for that would hold up the page. */
const READ_CHARS = 1_200

/** The excerpt of a text of any length, in no more time than that of a short one. */
export function opening(text: string, limit: number): string {
  return excerpt(text.slice(0, READ_CHARS), limit)
}

/** The usernames mentioned, and `all`, in order, each once. */
export function mentioned(text: string): string[] {
  const names = new Set<string>()
  for (const block of parse(text)) for (const node of inlines(block)) collect(node, names)
  return [...names]
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return block.children.map(inlineText).join('')
    case 'code_block':
      return block.text
    case 'quote':
      return block.children.map(blockText).join(' ')
    case 'list':
      return block.items.map((item) => item.map(inlineText).join('')).join(' ')
  }
}

/** What a piece says, without its marks. */
export function inlineText(node: Inline): string {
  switch (node.type) {
    case 'text':
    case 'code':
      return node.text
    case 'break':
      return ' '
    case 'mention':
      return `@${node.name}`
    case 'strong':
    case 'emphasis':
    case 'strike':
    case 'link':
      return node.children.map(inlineText).join('')
  }
}

function inlines(block: Block): Inline[] {
  switch (block.type) {
    case 'paragraph':
      return block.children
    case 'code_block':
      return []
    case 'quote':
      return block.children.flatMap(inlines)
    case 'list':
      return block.items.flat()
  }
}

function collect(node: Inline, names: Set<string>): void {
  if (node.type === 'mention') names.add(node.name)
  else if ('children' in node) for (const child of node.children) collect(child, names)
}
