/**
 * What of a text is shown plainly: a name that calls nobody; and since a text of nothing but marks makes an element
 * of every letter, all that comes after a number of them.
 */
import { inlineText } from './plain'
import type { Block, Inline } from './tree'

/** More than anybody writes by hand in what is shown of a message at once. */
export const PIECES_MAX = 200

/** The same text; what comes after so many pieces has no marks any more, and only names that call somebody stand out. */
export function sparing(
  blocks: readonly Block[],
  calls: (name: string) => boolean,
  most: number = PIECES_MAX,
): Block[] {
  const budget = { left: most, calls }
  return blocks.map((block) => spareBlock(block, budget))
}

interface Budget {
  left: number
  calls: (name: string) => boolean
}

function spareBlock(block: Block, budget: Budget): Block {
  switch (block.type) {
    case 'paragraph':
      return { ...block, children: spare(block.children, budget) }
    case 'quote':
      return { ...block, children: block.children.map((child) => spareBlock(child, budget)) }
    case 'list':
      return { ...block, items: block.items.map((item) => spare(item, budget)) }
    case 'code_block':
      return block
  }
}

function spare(inlines: readonly Inline[], budget: Budget): Inline[] {
  const shown: Inline[] = []
  for (const inline of inlines) {
    const last = shown.at(-1)
    const spent = budget.left <= 0 && inline.type !== 'break'
    const plain = spent || (inline.type === 'mention' && !budget.calls(inline.name))
    budget.left -= 1
    if (!plain)
      shown.push('children' in inline ? { ...inline, children: spare(inline.children, budget) } : inline)
    else if (last?.type === 'text')
      shown[shown.length - 1] = { ...last, text: last.text + inlineText(inline) }
    else shown.push({ type: 'text', text: inlineText(inline) })
  }
  return shown
}
