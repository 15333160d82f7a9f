/** A bound on what conversations take on this device: those not looked at for longest go first. */
import { messagesOf, type Database, type StoredWindow } from './db'

/** Down to this part of the bound, so that not every message makes room again. */
const AFTERWARDS = 0.8
/** Of the chat looked at last this many messages stay whatever the bound. */
const KEPT = 200

/** With a bound of 0 half of what is there goes: the browser itself says that there is no room. */
export async function makeRoom(database: Database, bytesMax: number): Promise<void> {
  const windows = (await database.getAll('windows')).sort((left, right) => left.used_at - right.used_at)
  const total = windows.reduce((sum, { bytes }) => sum + bytes, 0)
  if (bytesMax > 0 && total <= bytesMax) return
  let excess = total - (bytesMax > 0 ? bytesMax * AFTERWARDS : total / 2)
  for (const window of windows.slice(0, -1)) {
    if (excess <= 0) return
    await drop(database, window.chat_id)
    excess -= window.bytes
  }
  const last = windows.at(-1)
  if (excess > 0 && last !== undefined) await shorten(database, last)
}

async function drop(database: Database, chatId: string): Promise<void> {
  const transaction = database.transaction(['windows', 'messages', 'pins'], 'readwrite')
  await Promise.all([
    transaction.objectStore('windows').delete(chatId),
    transaction.objectStore('pins').delete(chatId),
    transaction.objectStore('messages').delete(messagesOf(chatId)),
    transaction.done,
  ])
}

/** Of a single long conversation the older part goes. */
async function shorten(database: Database, { chat_id }: StoredWindow): Promise<void> {
  const transaction = database.transaction(['windows', 'messages'], 'readwrite')
  const messages = transaction.objectStore('messages')
  const windows = transaction.objectStore('windows')
  const keys = await messages.getAllKeys(messagesOf(chat_id))
  const from = keys.at(-KEPT)?.[1]
  const window = await windows.get(chat_id)
  if (from !== undefined && window !== undefined && keys.length > KEPT) {
    const bytes = Math.ceil((window.bytes * KEPT) / keys.length)
    await messages.delete(IDBKeyRange.bound([chat_id, 0], [chat_id, from], false, true))
    await windows.put({ ...window, from_seq: from, more_before: true, bytes })
  }
  await transaction.done
}
