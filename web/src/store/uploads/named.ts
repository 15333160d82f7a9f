/** Which of the bytes on the shelf something still names. */
import type { Database } from '../db'
import type { LocalFile } from '../state'

/** The files that something unsent names, of whoever is here or was. */
export async function referenced(database: Database): Promise<Set<string>> {
  const [outbox, drafts, parked] = await Promise.all([
    database.getAll('outbox'),
    database.getAll('drafts'),
    database.getAll('parked'),
  ])
  const all = [{ outbox, drafts }, ...parked]
  const files = all.flatMap((each) => [
    ...each.outbox.flatMap((entry) => filesOf(entry)),
    ...each.drafts.flatMap((row) => [...filesOf(row.draft), ...filesOf(row.parked)]),
  ])
  return new Set(files.flatMap(({ id, full }) => (full === undefined ? [id] : [id, full.id])))
}

function filesOf(from: object | null): readonly LocalFile[] {
  return (from as { files?: readonly LocalFile[] } | null)?.files ?? []
}
