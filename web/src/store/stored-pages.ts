/** Pages of a chat's history from the local copy. */
import { readWindow, type Database } from './db'
import { FIRST_PAINT, isCut, isMessage } from './keeping'
import { PAGE, WINDOW_MAX } from './state'
import type { HistoryPage } from './window'

/** A page of the local copy: everything up to `as_of` is in it, and nothing later. */
export interface LocalPage extends HistoryPage {
  as_of: number
}

/** The stored messages just before `seq`; null where the copy does not reach or is older than `cursor`. */
export async function storedBefore(
  database: Database,
  chatId: string,
  seq: number,
  cursor: number,
): Promise<LocalPage | null> {
  const page = await localPage(database, chatId, PAGE, seq)
  return page === null || page.messages.length === 0 || page.as_of < cursor ? null : page
}

/** The end of the stored copy; it must reach back to `to`, when that is given. */
export async function storedEnd(database: Database, chatId: string, to?: number): Promise<LocalPage | null> {
  const page = await localPage(database, chatId, to === undefined ? FIRST_PAINT : WINDOW_MAX)
  const reaches = page !== null && (to === undefined || (page.messages[0]?.seq ?? Infinity) <= to)
  return reaches ? page : null
}

async function localPage(
  database: Database,
  chatId: string,
  limit: number,
  before?: number,
): Promise<LocalPage | null> {
  const found = await readWindow(database, chatId, limit, before)
  if (!found?.messages.every(isMessage)) return null
  const { window, messages } = found
  const more_before = window.more_before || isCut(window, messages, limit)
  return { messages, more_before, more_after: false, as_of: window.cursor }
}
