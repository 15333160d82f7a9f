import type { forward as es } from './es.forward.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const forward: typeof es = {
  open: 'Forward',
  keep: 'Save',
  kept: 'In your saved messages.',
  title: (n) => forms(n, { one: 'Forward the message', other: `Forward ${n} messages` }),
  where: 'Conversations',
  submit: (n) => (n < 2 ? 'Forward' : `Forward to ${n}`),
  sent: (title) => `Forwarded to ${title}.`,
  sentTo: (n) => forms(n, { one: 'Forwarded.', other: `Forwarded to ${n} conversations.` }),
  savedHint: 'Notes and messages for yourself, on all your devices.',
  select: 'Select',
  selection: 'Selection',
  selected: (n) => forms(n, { one: '1 message selected', other: `${n} messages selected` }),
}
