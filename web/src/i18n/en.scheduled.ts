import type { scheduled as es } from './es.scheduled.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const scheduled: typeof es = {
  title: 'Schedule the message',
  when: 'When',
  preset: { hour: 'In an hour', evening: 'This evening', morning: 'Tomorrow', monday: 'On Monday' },
  date: 'Date',
  time: 'Time',
  zone: (zone) => `time\u00a0of\u00a0${zone}`,
  past: 'Choose a time that has not passed.',
  late: 'Choose a date within a year.',
  submit: 'Schedule',
  done: (when) => `It will be sent on ${when}.`,
  soon: (when) => `It will be scheduled for ${when}.`,
  filesFirst: 'The files are uploaded first: until then, keep the app open.',
  list: 'Scheduled messages',
  none: 'There are no scheduled messages.',
  all: 'See all scheduled messages',
  gone: 'A conversation that you are no longer in',
  left: 'You are no longer in that conversation.',
  failed: 'It was not sent.',
  failedNews: 'A scheduled message could not be sent.',
  failedLine: (n) =>
    forms(n, { one: '1 scheduled message was not sent', other: `${n} scheduled messages were not sent` }),
  text: 'Message',
  change: 'Change',
  now: 'Send now',
  cancel: 'Delete',
  cancelTitle: 'Delete this scheduled message?',
  cancelText: 'It is never sent. This cannot be undone.',
}
