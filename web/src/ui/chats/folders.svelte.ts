/** Somebody's own heap of chats, on this device. */
export interface Folder {
  id: string
  name: string
  chats: readonly string[]
}

const MOST = 20
const NAME_MAX = 40

/** Folders live in this browser alone, by account: the server knows nothing of them. */
export class Folders {
  #list = $state.raw<readonly Folder[]>([])
  #key = ''
  #storage: Storage | null = null

  get list(): readonly Folder[] {
    return this.#list
  }

  get full(): boolean {
    return this.#list.length >= MOST
  }

  /** Those of this account; on a shared computer `storage` ends with the tab. */
  use(userId: string, storage: Storage): void {
    const key = `folders:${userId}`
    if (key === this.#key) return
    this.#key = key
    this.#storage = storage
    this.#list = read(storage.getItem(key))
  }

  /** A new folder with this chat in it; null where the name is empty or there are too many. */
  add(name: string, chatId: string): Folder | null {
    const trimmed = name.trim().slice(0, NAME_MAX)
    if (trimmed === '' || this.full) return null
    const folder = { id: crypto.randomUUID(), name: trimmed, chats: [chatId] }
    this.#keep([...this.#list, folder])
    return folder
  }

  /** Puts the chat in, or takes it out; a folder that gets empty is gone. */
  toggle(id: string, chatId: string): void {
    const next = this.#list.map((folder) => (folder.id === id ? toggled(folder, chatId) : folder))
    this.#keep(next.filter(({ chats }) => chats.length > 0))
  }

  /** The account leaves this browser: so do its folders. */
  forget(): void {
    this.#storage?.removeItem(this.#key)
    this.#list = []
    this.#key = ''
  }

  #keep(list: readonly Folder[]): void {
    this.#list = list
    this.#storage?.setItem(this.#key, JSON.stringify(list))
  }
}

function toggled(folder: Folder, chatId: string): Folder {
  const without = folder.chats.filter((each) => each !== chatId)
  return { ...folder, chats: without.length < folder.chats.length ? without : [...without, chatId] }
}

/** What a former version or somebody's hand left there may be anything. */
function read(text: string | null): readonly Folder[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(stored) ? stored.filter(isFolder) : []
  } catch {
    return []
  }
}

function isFolder(value: unknown): value is Folder {
  const folder = value as Partial<Folder> | null
  return typeof folder?.id === 'string' && typeof folder.name === 'string' && Array.isArray(folder.chats)
}
