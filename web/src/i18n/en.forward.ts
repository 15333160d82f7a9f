import type { forward as es } from './es.forward.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const forward: typeof es = {
  open: 'Forward',
  keep: 'Save',
  kept: 'In your saved messages.',
  keptSoon: 'It will be in your saved messages when there is a connection.',
  title: (n) => forms(n, { one: 'Forward the message', other: `Forward ${n} messages` }),
  where: 'Conversations',
  submit: (n) => (n < 2 ? 'Forward' : `Forward to ${n}`),
  sent: (title) => `Forwarded to ${title}.`,
  sentTo: (n) => forms(n, { one: 'Forwarded.', other: `Forwarded to ${n} conversations.` }),
  soon: (title) => `It will be forwarded to ${title} when there is a connection.`,
  soonTo: (n) =>
    forms(n, {
      one: 'It will be forwarded when there is a connection.',
      other: `It will be forwarded to ${n} conversations when there is a connection.`,
    }),
  savedHint: 'Notes and messages for yourself, on all your devices.',
  select: 'Select',
  selection: 'Selection',
  selected: (n) => forms(n, { one: '1 message selected', other: `${n} messages selected` }),
}
