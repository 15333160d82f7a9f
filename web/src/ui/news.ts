/** What becomes of messages that came: a note, a sound, an offer to tell of the next; fetched with the first of them. */
import { Telling } from '../protocol/telling.ts'
import type { ChatRow } from '../store/contract.ts'
import { previewText } from './chats/preview-text.ts'
import { show, type Note } from './noting.ts'
import { offer } from './offering.ts'
import { claim, isCalm, isSilent, ring, rings } from './ringing.ts'
import type { Ui } from './ui.svelte.ts'

/** So long the tab that is looked at has to say so. */
const OTHERS_MS = 250

/** Of the page, when they came. */
export interface Looks {
  hidden: boolean
  focused: boolean
}

export async function hear(ui: Ui, rows: readonly ChatRow[], { hidden, focused }: Looks): Promise<void> {
  if (hidden && ui.notifier.on) for (const row of rows) void show(ui.notifier, noteOf(ui, row))
  if (hidden) offer(ui)
  await sound(ui, focused)
}

async function sound(ui: Ui, focused: boolean): Promise<void> {
  const storage = ui.store.shared ? sessionStorage : localStorage
  if (focused) {
    claim(storage, Date.now())
    return
  }
  if (!rings(storage, isCalm(ui.notifier.on || ui.notifier.handed))) return
  const wishes = ui.store.session.wishes ?? (await ask(ui))
  await new Promise((resolve) => setTimeout(resolve, OTHERS_MS))
  const now = Date.now()
  if (wishes !== null && !isSilent(wishes, now) && claim(storage, now)) await ring()
}

/** Nothing sounds as long as nobody knows whether it may. */
async function ask(ui: Ui): Promise<Ui['store']['session']['wishes']> {
  const outcome = await new Telling().settings()
  if (!outcome.ok) return null
  ui.store.session.wish(outcome.value)
  return outcome.value
}

function noteOf(ui: Ui, row: ChatRow): Note {
  const { label, text } = previewText(ui, row)
  return { title: row.title || ui.t.name, text: `${label} ${text}`.trim(), chatId: row.chat_id }
}
