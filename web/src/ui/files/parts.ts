/** What draws the files of messages and what is behind links, fetched with the first one that is seen. */
import Album from './Album.svelte'
import FileRows from './FileRows.svelte'
import LinkCard from './LinkCard.svelte'

export { Album, FileRows, LinkCard }

export interface FileParts {
  Album: typeof Album
  FileRows: typeof FileRows
  LinkCard: typeof LinkCard
}

/** The message that files stand in. */
export interface FileMessage {
  chatId: string
  messageId: string
  /** Null while it is on its way. */
  seq: number | null
  author: string
  /** Tab reaches its row. */
  active: boolean
  /** Why the whole was not sent: a code, where there is one. */
  failed?: string | null
}
