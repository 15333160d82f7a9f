/** What the first screen needs once it is painted: one file, fetched then. */
export { default as FailedScheduled } from './FailedScheduled.svelte'
export { onShortcut } from './shortcuts.ts'
