/** What helps with writing, beyond the letters: fetched when the composer is painted. */
export { complete, completionQuery } from './completion.ts'
export { markedBy, pasteOver } from './marks.ts'
