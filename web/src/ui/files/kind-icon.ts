import type { IconName } from '../icons.ts'

const BY_END: Readonly<Record<string, IconName>> = {
  zip: 'file-archive',
  gz: 'file-archive',
  '7z': 'file-archive',
  rar: 'file-archive',
  tar: 'file-archive',
  xls: 'file-spreadsheet',
  xlsx: 'file-spreadsheet',
  ods: 'file-spreadsheet',
  csv: 'file-spreadsheet',
  pdf: 'file-text',
  doc: 'file-text',
  docx: 'file-text',
  odt: 'file-text',
  txt: 'file-text',
  md: 'file-text',
  ppt: 'file-text',
  pptx: 'file-text',
  odp: 'file-text',
}

/** By what it is, else by the end of its name. */
export function iconOf({ name, type }: { name: string; type: string }): IconName {
  const [family] = type.split('/')
  if (family === 'image') return 'image'
  if (family === 'video') return 'film'
  if (family === 'audio') return 'file-audio'
  return BY_END[endOf(name).toLowerCase()] ?? 'file'
}

/** What stands after the last point; empty where there is none. */
export function endOf(name: string): string {
  const at = name.lastIndexOf('.')
  const end = at > 0 ? name.slice(at + 1) : ''
  return end.length <= 5 ? end : ''
}
