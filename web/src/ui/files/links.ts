import { parse } from '../../markdown/parse.ts'
import type { Block, Inline } from '../../markdown/tree.ts'

/** The addresses in a text, in order, each once. */
export function linksIn(text: string): string[] {
  const found = new Set<string>()
  for (const block of parse(text)) for (const node of inlines(block)) collect(node, found)
  return [...found]
}

function inlines(block: Block): Inline[] {
  if (block.type === 'paragraph') return block.children
  if (block.type === 'quote') return block.children.flatMap(inlines)
  return block.type === 'list' ? block.items.flat() : []
}

function collect(node: Inline, found: Set<string>): void {
  if (node.type === 'link') found.add(node.href)
  else if ('children' in node) for (const child of node.children) collect(child, found)
}

/** As it is read: without what every address begins with. */
export function shortened(href: string): string {
  return href.replace(/^(?:https?:\/\/)?(?:www\.)?/, '').replace(/\/$/, '')
}
