/** Searching one conversation: in what is stored here first, then page by page at the server. */
import type { Api } from '../protocol/api'
import { textOf } from '../protocol/message'
import type { Message } from '../protocol/wire'
import type { Findings, Outcome } from './contract'
import { readWindow, type Database } from './db'

const HITS_MAX = 200
const PAGE_MAX = 200
/** One look further back. */
const PAGES = 5

export interface FindingPort {
  api: Pick<Api, 'messages'>
  database(): Database | null
  /** What is on screen is stored. */
  flush(): Promise<void>
}

export type Matches = (text: string) => boolean

export const NOTHING_SEARCHED: Findings = { hits: [], from: null, whole: false, full: false }

/** Newest first, in the stored messages of the chat. */
export async function findStored(port: FindingPort, chatId: string, matches: Matches): Promise<Findings> {
  const database = port.database()
  if (database === null) return NOTHING_SEARCHED
  await port.flush()
  const found = await readWindow(database, chatId, Number.MAX_SAFE_INTEGER).catch(() => null)
  if (found === null) return NOTHING_SEARCHED
  return extended(NOTHING_SEARCHED, found.messages, !found.window.more_before, matches)
}

/** A thousand messages further back, or as many as there are. */
export async function findDeeper(
  port: FindingPort,
  chatId: string,
  findings: Findings,
  matches: Matches,
): Promise<Outcome<Findings>> {
  let now = findings
  for (let page = 0; page < PAGES && !now.whole && !now.full; page += 1) {
    const bound = now.from === null ? {} : { before_seq: now.from.seq }
    const outcome = await port.api.messages(chatId, { ...bound, limit: PAGE_MAX })
    if (!outcome.ok) return now === findings ? outcome : { ok: true, value: now }
    now = extended(now, outcome.value.messages, !outcome.value.more, matches)
  }
  return { ok: true, value: now }
}

/** With messages that lie before those searched so far, oldest first. */
function extended(
  findings: Findings,
  messages: readonly Message[],
  whole: boolean,
  matches: Matches,
): Findings {
  const hits = messages.filter((message) => !message.deleted && matches(textOf(message))).reverse()
  const all = [...findings.hits, ...hits]
  const oldest = messages[0]
  return {
    hits: all.slice(0, HITS_MAX),
    from: oldest === undefined ? findings.from : { seq: oldest.seq, at: oldest.created_at },
    whole,
    full: all.length > HITS_MAX,
  }
}
