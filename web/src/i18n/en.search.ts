import type { search as es } from './es.search.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const search: typeof es = {
  title: 'Search in messages',
  label: 'Words or "a phrase"',
  filters: 'Filters',
  here: 'In this conversation',
  mine: 'Written by me',
  links: 'With links',
  files: 'With files',
  from: 'From',
  to: 'Until',
  recent: 'Recent searches',
  forget: 'Forget them',
  limit: (most) => `A search takes ${most} characters at most.`,
  help: 'You can also write from:ana, in:networks, has:link, before:2026-03-09 or after:2025, and put what belongs together in quotation marks.',
  none: 'No message matches.',
  hits: (n) => forms(n, { one: '1 message', other: `${n} messages` }),
  some: (n) =>
    forms(n, { one: '1 message, and there may be more', other: `${n} messages, and there may be more` }),
  stored: 'From what is kept on this device; searching the rest…',
  onlyStored: 'Only what is kept on this device was searched.',
  more: 'Show more',
}
