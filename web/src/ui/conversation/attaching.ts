/** The files of a paste or a drop. A copied cell of a table comes as a picture too: then the text is meant. */
export function filesOf(data: DataTransfer | null): File[] {
  if (data === null || data.types.includes('text/plain')) return []
  return [...data.files]
}
