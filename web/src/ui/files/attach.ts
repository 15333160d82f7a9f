/** Files that were chosen, pasted, dropped or shared become part of what is being written. */
import type { LocalFile } from '../../store/state.ts'
import type { Ui } from '../ui.svelte.ts'
import { FILES_MAX, sorted, type Refused } from './limits.ts'
import { measure } from './measure.ts'

/** One after the other, in the order in which they were chosen. */
let before: Promise<void> = Promise.resolve()

export function attach(ui: Ui, chatId: string, chosen: readonly File[]): Promise<void> {
  before = before.then(() => add(ui, chatId, chosen)).catch(() => undefined)
  return before
}

async function add(ui: Ui, chatId: string, chosen: readonly File[]): Promise<void> {
  const { files, messages } = ui.store
  if (messages.draft(chatId).editing !== null) {
    ui.toasts.fail(ui.t.files.finishEdit)
    return
  }
  // The first time it is waited for; later it is put right meanwhile.
  const asked = files.ask()
  if (files.usage === null) await asked
  const { taken, refused } = sorted(chosen, filesIn(ui, chatId), files.usage)
  for (const refusal of refused) ui.toasts.fail(sentence(ui, refusal))
  for (const file of taken) {
    if (!(await isReadable(file))) {
      ui.toasts.fail(ui.t.files.unreadable(file.name))
      continue
    }
    const about = { name: file.name || ui.t.talk.sent.image(1), type: file.type, alt: '' }
    put(ui, chatId, await files.keep(file, { ...about, ...(await measure(file)) }))
  }
}

export function filesIn(ui: Pick<Ui, 'store'>, chatId: string): readonly LocalFile[] {
  return ui.store.messages.draft(chatId).files ?? []
}

/** What is written there stays, whatever was typed meanwhile. */
export function put(ui: Pick<Ui, 'store'>, chatId: string, file: LocalFile): void {
  const { messages } = ui.store
  messages.setDraft(chatId, { ...messages.draft(chatId), files: [...filesIn(ui, chatId), file] })
}

/** A folder that was dropped has a size and no bytes. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

function sentence({ t, format }: Ui, refusal: Refused): string {
  switch (refusal.why) {
    case 'too_many':
      return t.files.tooMany(FILES_MAX)
    case 'empty':
      return t.files.empty(refusal.name)
    case 'too_large':
      return t.files.tooLarge(refusal.name, format.bytes(refusal.most))
    case 'no_room':
      return t.files.noRoom(format.bytes(refusal.left))
  }
}
