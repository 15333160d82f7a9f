import type { talk as es } from './es.talk.ts'
import { plural } from './plural.ts'

const forms = plural('en')

export const talk: typeof es = {
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
