import type { talk as es } from './es.talk.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const talk: typeof es = {
  pins: {
    region: 'Pinned messages',
    go: (text) => `Go to the pinned message: ${text}`,
    place: (n, of) => `${n} of ${of}`,
    pin: 'Pin',
    unpin: 'Unpin',
  },
  waiting: {
    offline: 'Waiting',
    because: (reason) => `Waiting: ${reason}. It is sent by itself as soon as it can.`,
    reasons: {
      disk_full: 'the server’s disk is full',
      disk_failed: 'the server’s disk failed and the server has to be restarted',
      damaged: 'the server’s database is damaged',
      read_only: 'the server cannot write to its database',
      unavailable: 'the server cannot save anything now',
      overloaded: 'the server is very busy',
      rate_limited: 'you are going very fast',
      timeout: 'the server takes long to answer',
    },
  },
  sent: {
    image: (n) => forms(n, { one: 'Photo', other: `${n} photos` }),
    video: (n) => forms(n, { one: 'Video', other: `${n} videos` }),
    audio: (n) => forms(n, { one: 'Audio', other: `${n} audio files` }),
    voice: 'Voice note',
    files: (n) => `${n} files`,
  },
  gallery: 'Photos, files and links',
  history: {
    open: 'See earlier versions',
    title: 'Versions of the message',
    now: 'Now',
    failed: 'The versions could not be loaded.',
  },
  readers: {
    sent: 'Sent',
    read: 'Read',
    by: (n) => forms(n, { one: 'Read by 1 person', other: `Read by ${n} people` }),
    title: 'Who has read it',
    none: 'Nobody yet.',
  },
  reacted: {
    open: 'See who reacted',
    title: 'Reactions',
    failed: 'The reactions could not be loaded.',
  },
  blocked: {
    folded: 'A message from somebody whom you blocked.',
    show: 'Show',
  },
  select: {
    toggle: 'Select the message',
  },
  find: {
    open: 'Search in the conversation',
    label: 'Search in the conversation',
  },
  write: {
    left: (n) => forms(n, { one: '1 byte left', other: `${n} bytes left` }),
    other: 'On another device you wrote:',
    takeOther: 'Use it',
    dropOther: 'Discard it',
    outside: (names: string, n: number) =>
      forms(n, {
        one: `${names} is not in this conversation and will not be notified.`,
        other: `${names} are not in this conversation and will not be notified.`,
      }),
    emojis: 'Emoji',
    commands: 'Commands',
    shrug: 'Shrug: ¯\\_(ツ)_/¯',
    me: 'Say it in italics',
    quote: 'Quote a text',
    code: 'Code block',
    list: 'List',
    noFiles: 'Files cannot be sent here.',
    dropHere: 'Drop the files here',
    attach: 'Attach files',
    record: 'Record a voice note',
    enterSends: 'Enter sends the message',
    enterBreaks: 'Enter breaks the line; Ctrl+Enter sends',
    enter: 'Enter key',
  },
}
