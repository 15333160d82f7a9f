/** A local database that cannot be used: made anew, with the words that exist nowhere else. */
import { deleteDatabase, NAME, openDatabase, type Database } from './db'
import type { Parked } from './parking'
import { isBlob, isDraft, isEntry } from './shapes'

interface Saved {
  meta: [key: string, value: unknown][]
  outbox: unknown[]
  drafts: unknown[]
  parked: unknown[]
  blobs: unknown[]
}

/** Answers a new database. Unsent words come along only when it is known whose they are. */
export async function rescue(name: string = NAME): Promise<Database> {
  const saved = await salvage(name).catch(() => null)
  await deleteDatabase(name)
  const database = await openDatabase(name)
  if (saved === null) return database
  for (const row of saved.parked.flatMap(parkedOf)) await database.put('parked', row)
  for (const row of saved.blobs.filter(isBlob)) await database.put('blobs', row)
  const owner = saved.meta.find(([key]) => key === 'owner')?.[1]
  if (typeof owner !== 'string') return database
  const transaction = database.transaction(['meta', 'outbox', 'drafts'], 'readwrite')
  await transaction.objectStore('meta').put(owner, 'owner')
  for (const entry of saved.outbox.filter(isEntry)) await transaction.objectStore('outbox').put(entry)
  for (const draft of saved.drafts.filter(isDraft)) await transaction.objectStore('drafts').put(draft)
  await transaction.done
  return database
}

/** Whatever its version and form: each store by itself, as far as it can be read. */
async function salvage(name: string): Promise<Saved> {
  const database = await settled(indexedDB.open(name))
  const read = (store: string) => rows(database, store).catch(() => [])
  try {
    const [meta, outbox, drafts, parked, blobs] = await Promise.all(
      ['meta', 'outbox', 'drafts', 'parked', 'blobs'].map((store) => read(store)),
    )
    return {
      meta: (meta ?? []).flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])),
      outbox: valuesOf(outbox),
      drafts: valuesOf(drafts),
      parked: valuesOf(parked),
      blobs: valuesOf(blobs),
    }
  } finally {
    database.close()
  }
}

/** Rows of another person; what in them is no row is left out. */
function parkedOf(value: unknown): Parked[] {
  if (typeof value !== 'object' || value === null) return []
  const { user_id, outbox, drafts, at } = value as Partial<Record<keyof Parked, unknown>>
  if (typeof user_id !== 'string' || typeof at !== 'number') return []
  if (!Array.isArray(outbox) || !Array.isArray(drafts)) return []
  return [{ user_id, outbox: outbox.filter(isEntry), drafts: drafts.filter(isDraft), at }]
}

function valuesOf(found: readonly [IDBValidKey, unknown][] = []): unknown[] {
  return found.map(([, value]) => value)
}

async function rows(database: IDBDatabase, store: string): Promise<[IDBValidKey, unknown][]> {
  const keys = await settled(database.transaction(store).objectStore(store).getAllKeys())
  const found: [IDBValidKey, unknown][] = []
  for (const key of keys) {
    // One row that cannot be read must not cost the others.
    const value: unknown = await settled(database.transaction(store).objectStore(store).get(key)).catch(
      () => null,
    )
    found.push([key, value])
  }
  return found
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('unreadable'))
  })
}
