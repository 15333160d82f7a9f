import type { talk as es } from './es.talk.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const talk: typeof es = {
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
  readers: {
    sent: 'Sent',
    read: 'Read',
    by: (n) => forms(n, { one: 'Read by 1 person', other: `Read by ${n} people` }),
  },
  blocked: {
    folded: 'A message from somebody you blocked.',
    show: 'Show',
  },
  find: {
    open: 'Search in the conversation',
  },
  write: {
    left: (n) => forms(n, { one: '1 byte left', other: `${n} bytes left` }),
    noFiles: 'Files cannot be sent here.',
    dropHere: 'Drop the files here',
    attach: 'Attach files',
    record: 'Record a voice note',
  },
}
