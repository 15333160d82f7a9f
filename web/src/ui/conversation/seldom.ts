/** What a conversation does without while it is painted for the first time: one file, fetched as soon as it is. */
export { linesOf, selectedParts, transcript } from './copying.ts'
export { default as Choose } from './Choose.svelte'
export { default as ComposerContext } from './ComposerContext.svelte'
export { default as JumpButton } from './JumpButton.svelte'
export { default as MessageTools } from './MessageTools.svelte'
export { default as OtherDraft } from './OtherDraft.svelte'
export { default as PinsBar } from './PinsBar.svelte'
export { default as ReadOnly } from './ReadOnly.svelte'
