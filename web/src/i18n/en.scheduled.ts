import type { scheduled as es } from './es.scheduled.ts'

export const scheduled: typeof es = {
  title: 'Schedule the message',
  when: 'When',
  preset: { hour: 'In an hour', evening: 'This evening', morning: 'Tomorrow', monday: 'On Monday' },
  date: 'Date',
  time: 'Time',
  zone: (zone) => `time of ${zone}`,
  past: 'Choose a time that has not passed.',
  submit: 'Schedule',
  done: (when) => `It will be sent on ${when}.`,
  list: 'Scheduled messages',
  none: 'There are no scheduled messages.',
  all: 'See those of all conversations',
  gone: 'A conversation that you are no longer in',
  failed: 'It was not sent.',
  text: 'Message',
  change: 'Change',
  now: 'Send now',
  cancel: 'Delete',
  cancelTitle: 'Delete this scheduled message?',
  cancelText: 'It is never sent. This cannot be undone.',
}
