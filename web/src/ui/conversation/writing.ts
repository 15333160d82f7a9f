/** What helps with writing, beyond the letters: fetched when the composer is painted. */
export { complete, completionQuery } from './completion.ts'
export { makeLink, pasteOver, toggleMark } from './marks.ts'
