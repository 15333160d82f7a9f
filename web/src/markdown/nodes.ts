/** The inline tree while it is being built: a stack of marks that are open. */
import type { Inline } from './tree'

export interface Mark {
  type: 'strong' | 'emphasis' | 'strike'
  /** As written; `*` and `_` do not close each other. */
  text: string
}

interface Frame {
  mark: Mark | null
  children: Inline[]
}

/** Each mark is open at most once, so the stack holds at most four and every step is constant. */
export class Nodes {
  readonly #root: Frame = { mark: null, children: [] }
  readonly #stack: Frame[] = []

  text(text: string): void {
    append(this.#top().children, { type: 'text', text })
  }

  add(node: Inline): void {
    append(this.#top().children, node)
  }

  /** Opens all of them, the first outermost; false when one is open already or there are none. */
  open(marks: readonly Mark[]): boolean {
    if (marks.length === 0 || marks.some((mark) => this.#isOpen(mark))) return false
    for (const mark of marks) this.#stack.push({ mark, children: [] })
    return true
  }

  /** Closes all of them and turns what was left open inside into text; false unless all are open. */
  close(marks: readonly Mark[]): boolean {
    if (marks.length === 0 || !marks.every((mark) => this.#isOpen(mark))) return false
    const last = marks.length === 1 ? marks : this.#inOrderOfClosing(marks)
    for (const mark of last) this.#closeOne(mark)
    return true
  }

  finish(): Inline[] {
    while (this.#stack.length > 0) this.#unwind()
    return this.#root.children
  }

  #top(): Frame {
    return this.#stack.at(-1) ?? this.#root
  }

  #isOpen(mark: Mark): boolean {
    return this.#stack.some((frame) => frame.mark?.text === mark.text)
  }

  #inOrderOfClosing(marks: readonly Mark[]): Mark[] {
    const depth = (mark: Mark) => this.#stack.findIndex((frame) => frame.mark?.text === mark.text)
    return [...marks].sort((left, right) => depth(right) - depth(left))
  }

  #closeOne(mark: Mark): void {
    while (this.#top().mark?.text !== mark.text) this.#unwind()
    const { children } = this.#stack.pop() ?? this.#root
    this.add({ type: mark.type, children })
  }

  /** The innermost mark was never closed: it is text after all. */
  #unwind(): void {
    const frame = this.#stack.pop()
    if (frame === undefined) return
    const target = this.#top().children
    append(target, { type: 'text', text: frame.mark?.text ?? '' })
    for (const child of frame.children) append(target, child)
  }
}

function append(children: Inline[], node: Inline): void {
  const last = children.at(-1)
  if (node.type === 'text' && last?.type === 'text') last.text += node.text
  else children.push(node)
}
