/** Files that were pasted or dropped; who takes them says so with `accepts`. */
export interface Attaching {
  /** Whether files can be sent at all; without it they are refused in words. */
  accepts: boolean
  take(files: readonly File[]): void
}

/** The files of a paste or a drop. A copied cell of a table comes as a picture too: then the text is meant. */
export function filesOf(data: DataTransfer | null): File[] {
  if (data === null || data.types.includes('text/plain')) return []
  return [...data.files]
}
