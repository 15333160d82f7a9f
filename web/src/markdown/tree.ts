/** What a message's text means: a tree to be shown as elements, never as HTML. */

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'code_block'; lang: string; text: string }
  | { type: 'quote'; children: Block[] }
  | { type: 'list'; ordered: boolean; start: number; items: Inline[][] }

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'break' }
  | { type: 'code'; text: string }
  | { type: 'strong'; children: Inline[] }
  | { type: 'emphasis'; children: Inline[] }
  | { type: 'strike'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] }
  /** `name` is a username in lower case, or `all`. */
  | { type: 'mention'; name: string }
