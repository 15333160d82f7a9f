import type { ChatRole, Member } from '../../protocol/wire.ts'

/** What somebody wants looked at: a person, or what they wrote somewhere. */
export interface Complaint {
  userId: string
  /** Where it was written, and the address of the message. */
  message: { chatId: string; path: string; text: string } | null
}

/**
 * Who takes a complaint. Today that is who runs the conversation, told in a direct message; a server with a
 * list of reports of its own is another one.
 */
export interface Reporting {
  /** Those it may go to, the one most responsible first; nobody where only the server could help. */
  takers(complaint: Complaint): readonly string[]
  /** Takes the person to where it is written, ready to be sent; true when that is there. */
  begin(complaint: Complaint, taker: string): Promise<boolean>
}

const RANK: Partial<Record<ChatRole, number>> = { owner: 0, admin: 1 }

/** Who runs the chat, without me and without the one complained of. */
export function responsible(members: readonly Member[], without: readonly string[]): string[] {
  return members
    .filter(({ role, user_id }) => RANK[role] !== undefined && !without.includes(user_id))
    .sort((one, other) => (RANK[one.role] ?? 0) - (RANK[other.role] ?? 0))
    .map(({ user_id }) => user_id)
}

/** What stands in the composer: the reason is the writer's to add. */
export function complaintText(intro: string, { message }: Complaint, origin: string): string {
  if (message === null) return `${intro} `
  const quote = message.text
    .split('\n')
    .slice(0, 6)
    .map((line) => `> ${line}`)
    .join('\n')
  return `${intro}\n${origin}${message.path}${message.text === '' ? '' : `\n${quote}`}\n\n`
}
