/** What a push message says, and the words that a device makes of it; pure, for the worker and its tests. */

export interface Told {
  kind: 'message'
  chat_id: string
  seq: number
  n: number
  count: number
  /** Null in a direct chat: it is called what the other person is. */
  title: string | null
  sender: string
  locale: 'es' | 'en'
  call: boolean
  quiet: boolean
  text?: string
  files?: number
}

export interface ReadElsewhere {
  kind: 'read'
  chat_id: string
  locale: 'es' | 'en'
}

export interface Trying {
  kind: 'test'
  locale: 'es' | 'en'
}

export type Pushed = Told | ReadElsewhere | Trying

export interface NoteData {
  path: string
  chat_id?: string
  seq?: number
  n?: number
  locale: 'es' | 'en'
  /** The words that could not be sent, and the name under which they may have been. */
  reply?: { id: string; text: string }
}

/** As much of it as every browser knows, and what some know besides. */
export interface Note {
  title: string
  body: string
  tag: string
  silent: boolean
  renotify: boolean
  data: NoteData
  actions: { action: string; title: string; type?: string; placeholder?: string }[]
}

const WORDS = {
  es: {
    one: 'Mensaje nuevo',
    more: (count: number) => `${count} mensajes nuevos`,
    file: (count: number) => (count === 1 ? 'Archivo' : `${count} archivos`),
    reply: 'Responder',
    write: 'Escribe una respuesta',
    read: 'Marcar como leído',
    test: 'Las notificaciones llegan a este dispositivo.',
    failed: (text: string) => `La respuesta no se pudo enviar. Toca para intentarlo otra vez.\n«${text}»`,
  },
  en: {
    one: 'New message',
    more: (count: number) => `${count} new messages`,
    file: (count: number) => (count === 1 ? 'File' : `${count} files`),
    reply: 'Reply',
    write: 'Write a reply',
    read: 'Mark as read',
    test: 'Notifications reach this device.',
    failed: (text: string) => `The reply could not be sent. Tap to try again.\n“${text}”`,
  },
}

export const NAME = 'UPTC Messenger'

/** Null for what this worker does not know: a newer server may say more. */
export function parsePush(text: string): Pushed | null {
  try {
    const said = JSON.parse(text) as { v?: unknown; kind?: unknown } | null
    const known = said?.v === 1 && ['message', 'read', 'test'].includes(String(said.kind))
    return known ? (said as unknown as Pushed) : null
  } catch {
    return null
  }
}

/** In place of what is shown of that chat; `shown` is the newest position that is on the screen already. */
export function noteOf(told: Told, shown: number): Note {
  const words = WORDS[told.locale]
  const again = shown >= told.seq
  return {
    title: titleOf(told),
    body: bodyOf(told),
    tag: told.chat_id,
    silent: told.quiet || again,
    renotify: !told.quiet && !again,
    data: {
      path: `/c/${told.chat_id}/m/${told.seq}`,
      chat_id: told.chat_id,
      seq: told.seq,
      n: told.n,
      locale: told.locale,
    },
    actions: [
      { action: 'reply', title: words.reply, type: 'text', placeholder: words.write },
      { action: 'read', title: words.read },
    ],
  }
}

export function testNote(trying: Trying): Note {
  return plain(NAME, WORDS[trying.locale].test, { path: '/', locale: trying.locale })
}

/** The words are in it: nobody need write them twice. */
export function failedNote(data: NoteData): Note {
  const body = WORDS[data.locale].failed(data.reply?.text ?? '')
  return plain(NAME, body, data)
}

function plain(title: string, body: string, data: NoteData): Note {
  return { title, body, tag: data.chat_id ?? 'test', silent: false, renotify: true, data, actions: [] }
}

function titleOf({ title, sender, count }: Told): string {
  const name = title ?? (sender === '' ? NAME : sender)
  return count > 1 ? `${name} (${count})` : name
}

function bodyOf(told: Told): string {
  const words = WORDS[told.locale]
  if (told.text === undefined && told.files === undefined)
    return told.count > 1 ? words.more(told.count) : words.one
  const said = told.text === undefined || told.text === '' ? words.file(told.files ?? 1) : told.text
  return told.title === null ? said : `${told.sender}: ${said}`
}
