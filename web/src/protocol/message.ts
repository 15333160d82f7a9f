/** Reading a message that may be of tomorrow: a server that is newer than this page may send kinds that it does not know. */
import type { ChatEvent, Message } from './wire'

type Retelling = Extract<ChatEvent, { kind: 'message.edited' | 'message.previewed' | 'message.deleted' }>

const KNOWN: ReadonlySet<string> = new Set<Message['kind']>(['text', 'system'])

/** What it says; empty where it is deleted or says something that is no text. */
export function textOf({ body }: Pick<Message, 'body'>): string {
  const text: unknown = body?.text
  return typeof text === 'string' ? text : ''
}

/** An event that tells anew a message which may be known. */
export function retells(event: ChatEvent): event is Retelling {
  const { kind } = event
  return kind === 'message.edited' || kind === 'message.previewed' || kind === 'message.deleted'
}

/** Whether this page can show all of it. */
export function isKnown({ kind }: Pick<Message, 'kind'>): boolean {
  return KNOWN.has(kind)
}
