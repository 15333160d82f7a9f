/** The composition of the client: every slice, joined by what it needs of the others. */
import { Api } from '../protocol/api'
import type { ConnectionStatus } from '../protocol/connection'
import { uuid7 } from '../protocol/ids'
import { Rest } from '../protocol/rest'
import type { Me, ServerFrame } from '../protocol/wire'
import type { Backfill } from './backfill'
import { Calm } from './calm'
import { Chats } from './chats.svelte'
import { ConnectionView } from './connection.svelte'
import type { FilesApi, SearchApi, Store } from './contract'
import { NAME } from './db'
import { Drafts } from './drafts.svelte'
import { Journal } from './journal'
import { LateFiles } from './late-files'
import { Leader } from './leader'
import { Line, type Live } from './line'
import { Local } from './local'
import { Messages } from './messages.svelte'
import { Places } from './places'
import { Progress } from './progress'
import type { route } from './router'
import { searching } from './searching'
import { Session } from './session.svelte'
import { browserEnvironment, type Environment } from './surroundings'
import { Tabs, type TabMessage } from './tabs'
import { TypingBoard, TypingSender } from './typing'
import type { Files } from './uploads/files.svelte'
import { Users } from './users.svelte'
import { ViewSender } from './viewing'

/** Frames after which a chat may stand further on than its stored copy. */
const NEWS: ReadonlySet<ServerFrame['type']> = new Set([
  'welcome',
  'event',
  'chat.head',
  'digest',
  'user.event',
])

/** What the other tabs and the list show of a draft waits for a pause in the typing: none of it is on the way of a key. */
const TYPING_PAUSE_MS = 300

/** Makes the store; nothing happens before `start`. */
export function createStore(environment: Environment = browserEnvironment()): Store {
  return new Messenger(environment)
}

export class Messenger implements Store {
  readonly #environment: Environment
  readonly #local: Local
  readonly #tabs: Tabs
  readonly #leader: Leader
  #backfill: Backfill | null = null
  readonly #link: Line
  readonly #view: ViewSender
  readonly #drafts: Drafts
  readonly #places: Places
  readonly #typing: TypingBoard
  readonly #progress: Progress
  readonly #calm = new Calm(TYPING_PAUSE_MS)
  readonly #rest: Rest
  #unwatch: () => void = () => undefined
  readonly #files: LateFiles
  readonly session: Session
  readonly connection: ConnectionView
  readonly chats: Chats
  readonly messages: Messages
  readonly users: Users
  readonly search: SearchApi

  constructor(environment: Environment) {
    this.#environment = environment
    const { origin } = environment
    this.#rest = new Rest({ fetch: environment.fetch, ...(origin === undefined ? {} : { origin }) })
    const api = new Api(this.#rest)
    this.#leader = new Leader(environment.locks, environment.database ?? NAME, {
      leading: (stolen) => this.#leading(stolen),
    })
    this.#local = new Local(
      environment.database,
      () => this.#leader.leads,
      new Journal(() => environment.storage?.() ?? null),
    )
    this.#tabs = new Tabs((message) => this.#heard(message), environment.database)
    this.connection = new ConnectionView(() => this.#link)
    this.#link = this.#makeConnection()
    this.#view = new ViewSender(this.#link, {
      current: () => this.#shown(),
      shown: ({ heads, presence }) => {
        for (const head of heads) this.chats.head(head)
        this.messages.shown(heads)
        this.users.present(presence)
      },
      refused: () => void this.chats.load(),
    })
    this.#typing = new TypingBoard((chatId) => this.chats.redraw(chatId))
    this.#progress = this.#makeProgress()
    this.#drafts = this.#makeDrafts(api)
    this.#places = new Places({
      save: (place) => void this.#local.savePlace(place),
      erase: (chatId) => void this.#local.erasePlace(chatId),
    })
    this.#files = this.#makeFiles()
    this.session = this.#makeSession(api)
    this.users = this.#makeUsers(api)
    this.chats = this.#makeChats(api)
    this.messages = this.#makeMessages(api)
    this.search = searching({
      api,
      database: () => this.#local.database,
      flush: () => this.#local.saver?.flush() ?? Promise.resolve(),
    })
  }

  async start(chatId: string | null = null): Promise<void> {
    this.#unwatch = this.#environment.watch((what) => this.#noticed(what))
    if (!this.shared) {
      await this.session.resume(await this.#local.open(chatId))
      return
    }
    // The tab of a shared computer has died and is back: still nothing is stored.
    await this.session.resume(null)
    if (this.session.phase === 'signed_in') return
    this.#environment.share(false)
    await this.#local.open()
  }

  /**
   * Nothing of a tab on a shared computer outlives it: a page that is left, or loaded again, logs out.
   * The request goes on when the page is gone.
   */
  leave(): void {
    const { shared, sharedHere = shared } = this.#environment
    if (!sharedHere()) return
    this.#local.leave()
    this.#environment.share(false)
    if (this.session.phase === 'signed_in') this.session.leaving()
  }

  get shared(): boolean {
    return this.#environment.shared()
  }

  get busy(): boolean {
    return this.shared || this.#files.here?.holds === true
  }

  get files(): FilesApi {
    const { here } = this.#files
    if (here === null) throw new Error('nobody has called openFiles')
    return here
  }

  openFiles(): Promise<Files> {
    return this.#files.open()
  }

  clearCopies(): Promise<void> {
    return this.#local.wipeCopies()
  }

  stop(): void {
    this.#calm.flush()
    this.#unwatch()
    this.#link.stop()
    this.#leader.stop()
    this.#backfill?.stop()
    this.#tabs.close()
    void this.#local.saver?.flush().then(() => this.#local.close())
  }

  get #me(): string {
    return this.session.me?.user_id ?? ''
  }

  #makeFiles(): LateFiles {
    return new LateFiles(
      {
        rest: this.#rest,
        database: () => this.#local.database,
        leads: () => this.#leader.leads,
        now: this.#environment.now,
        newId: uuid7,
        tell: (id, progress) => this.#tabs.tell({ type: 'upload', id, progress }),
        take: (messageId, fileId) => this.messages.deeds.take(messageId, fileId),
      },
      () => import('./uploads/files.svelte'),
    )
  }

  #makeConnection(): Line {
    const { openSocket, online, random, now, painted } = this.#environment
    return new Line(
      { open: openSocket, online, random, now },
      {
        hello: () => ({ ...this.#progress.resume(this.messages.cursors()), view: this.#view.begin() }),
        frame: (frame, live) => this.#take(frame, live.route),
        ready: (live) => this.#ready(live),
        status: (status) => this.#status(status),
      },
      async () => {
        await Promise.race([painted?.(), this.messages.wanting])
        return import('./live')
      },
    )
  }

  #makeProgress(): Progress {
    return new Progress({
      save: (position) => this.#local.saver?.position(position),
      reload: () => {
        void this.chats.load()
        void this.users.blocking.load()
      },
      discard: () => {
        void this.#local.wipeCopies()
        this.chats.clear()
        this.messages.beginAnew()
      },
    })
  }

  #makeDrafts(api: Api): Drafts {
    return new Drafts({
      save: (draft) => void this.#local.saveDraft(draft),
      tell: (draft) => {
        this.#calm.later(`tell:${draft.chat_id}`, () => this.#tabs.tell({ type: 'draft', draft }))
      },
      put: (chatId, { text, version }) => api.putDraft(chatId, { text, version }),
      now: this.#environment.now,
      changed: (chatId) => {
        this.#calm.later(`draw:${chatId}`, () => this.chats.redraw(chatId))
      },
    })
  }

  #makeSession(api: Api): Session {
    return new Session({
      api,
      entered: (me) => this.#entered(me),
      left: (keepUnsent) => this.#left(keepUnsent),
      saveMe: (me) => void this.#local.saveMe(me),
      forgo: () => {
        this.#environment.share(true)
        return this.#local.forgo()
      },
      tellTabs: (type) => this.#tabs.tell({ type }),
    })
  }

  #makeUsers(api: Api): Users {
    return new Users({
      api,
      now: this.#environment.now,
      save: (user) => this.#local.saver?.user(user),
      saveBlocked: (userIds) => void this.#local.saveBlocked(userIds),
      viewChanged: () => this.#view.changed(),
      learned: (userId) => this.chats.redrawPeer(userId),
      postPresence: (state, text) => this.#link.post({ type: 'presence.set', state, text }),
    })
  }

  #makeChats(api: Api): Chats {
    return new Chats({
      api,
      me: () => this.#me,
      now: this.#environment.now,
      newId: uuid7,
      save: (chat) => this.#local.saver?.chat(chat),
      draft: (chatId, draft) => this.#drafts.heard(chatId, draft),
      context: ({ chat_id, peer_id }) => ({
        peer: peer_id === undefined ? null : (this.users.get(peer_id) ?? null),
        draft: this.#drafts.line(chat_id),
        typing: this.#typing.of(chat_id),
        entries: this.messages.deeds.outbox.of(chat_id),
      }),
      prefer: (chatId, change) => this.messages.deeds.prefer(chatId, change),
      gone: (chatId, title) => void this.#local.forget(chatId, this.messages.gone(chatId, title)),
      listChanged: () => this.#view.changed(),
      loaded: () => this.#progress.loaded(),
    })
  }

  #makeMessages(api: Api): Messages {
    return new Messages({
      api,
      connection: this.#link,
      drafts: this.#drafts,
      places: this.#places,
      typing: new TypingSender(
        (chat_id, on) => this.#link.post({ type: 'typing', chat_id, on }),
        this.#environment.now,
      ),
      me: () => this.#me,
      now: this.#environment.now,
      newId: uuid7,
      database: () => this.#local.database,
      chat: (chatId) => this.chats.chat(chatId),
      readN: (chatId) => this.chats.get(chatId)?.chat.read_n ?? 0,
      applied: (event) => this.chats.apply(event),
      marked: (...mark) => this.chats.marked(...mark),
      prefer: (chatId, change) => this.chats.prefer(chatId, change),
      windowAhead: (chatId) => this.#local.takeWindow(chatId),
      saveWindow: (chatId, read) => this.#local.saver?.window(chatId, read),
      flush: () => this.#local.saver?.flush() ?? Promise.resolve(),
      storeEntry: (entry, draft) => this.#local.storeEntry(entry, draft),
      eraseEntry: (entry) => this.#local.eraseEntry(entry),
      leads: () => this.#leader.leads,
      lead: () => this.#leader.steal(),
      carrier: () => this.openFiles(),
      tellTabs: (change) => this.#tabs.tell({ type: 'outbox', change }),
      redraw: (chatId) => this.chats.redraw(chatId),
      viewChanged: () => this.#view.changed(),
      savePins: (chatId, pins) => void this.#local.savePins(chatId, pins),
      readPins: (chatId) => this.#local.readPins(chatId),
    })
  }

  /** What talks to the server is there, and with it what its words are for. */
  #ready(live: Live): void {
    this.#local.follow((database) => new live.Writer(database))
    this.chats.follow(live)
    this.#drafts.follow(live.DraftSync)
    this.messages.follow(live)
    this.#backfill ??= this.#makeBackfill(live)
  }

  #makeBackfill({ Backfill }: Live): Backfill {
    return new Backfill({
      wanted: () =>
        this.chats.rows.flatMap(({ chat_id, chat }) => (chat.archived ? [] : [{ chat_id, seq: chat.seq }])),
      allowed: () => this.#link.live && this.#leader.leads && !this.#environment.saving(),
      bring: (chatId) => this.messages.bring(chatId),
    })
  }

  /** This tab does what must be done once: the list as it is here becomes the stored one. */
  #leading(stolen: boolean): void {
    const { shared, sharedHere = shared } = this.#environment
    // The tab in which somebody came in on this shared computer has died without a word.
    if (!stolen && shared() && !sharedHere()) void this.session.logout()
    else if (this.session.phase === 'signed_in') this.#takeOver()
  }

  #takeOver(): void {
    void this.messages.deeds.outbox.leading()
    this.chats.saveAll()
    const { position } = this.#progress
    if (position !== null) this.#local.saver?.position(position)
    this.#backfill?.soon()
  }

  #shown(): ReturnType<ConstructorParameters<typeof ViewSender>[1]['current']> {
    return {
      conversations: this.messages.open_ids(),
      rows: this.chats.rows,
      watched: this.users.watched(),
      visible: this.#environment.visible(),
    }
  }

  #take(frame: ServerFrame, sort: typeof route): void {
    // Another account signed in with this browser's cookie while this page slept.
    if (frame.type === 'welcome' && frame.user_id !== this.#me) {
      void this.session.swap()
      return
    }
    sort(frame, {
      session: this.session,
      chats: this.chats,
      messages: this.messages,
      users: this.users,
      typing: this.#typing,
      progress: this.#progress,
      drafts: this.#drafts,
    })
    if (frame.type === 'welcome') this.#drafts.connected(this.#leader.leads)
    if (NEWS.has(frame.type)) this.#backfill?.soon()
  }

  #status(status: ConnectionStatus): void {
    const was = this.connection.state
    this.connection.update(status)
    if (was === 'live' && status.state !== 'live') {
      this.messages.disconnected()
      this.users.disconnected()
      this.#typing.clear()
    }
    const { reason } = status
    if (status.state !== 'stopped') return
    if (reason === 'unauthenticated') void this.session.end('expired')
    else if (reason === 'revoked' || reason === 'disabled') void this.session.end(reason)
  }

  async #entered(me: Me): Promise<void> {
    this.#clear()
    this.session.me = me
    const copy = await this.#local.read(me)
    this.users.restore(copy.users)
    this.users.learn(me)
    this.#progress.restore(copy.position)
    // The lines of the list are made of these: once, where the list comes after them.
    this.#drafts.restore(copy.drafts)
    this.#calm.clear()
    this.messages.deeds.outbox.restore(copy.outbox)
    this.chats.restore(copy.chats, copy.position !== null)
    this.#places.restore(copy.places)
    this.users.blocking.restore(copy.blocked)
    this.#leader.start()
    this.#link.start()
  }

  async #left(keepUnsent: boolean): Promise<void> {
    this.#link.stop()
    this.#leader.stop()
    this.#clear()
    await (keepUnsent ? this.#local.expire() : this.#local.wipe())
    this.#environment.share(false)
  }

  #clear(): void {
    this.#calm.clear()
    this.#backfill?.clear()
    this.#progress.clear()
    this.messages.clear()
    this.chats.clear()
    this.users.clear()
    this.#drafts.clear()
    this.#places.clear()
    this.#typing.clear()
    this.#files.here?.clear()
  }

  #heard(message: TabMessage): void {
    if (message.type === 'draft') this.#drafts.adopt(message.draft)
    else if (message.type === 'outbox') this.messages.deeds.outbox.heard(message.change)
    else if (message.type === 'upload') {
      this.messages.deeds.carried(message.id)
      this.#files.here?.heard(message.id, message.progress)
    } else void this.session.follow(message.type)
  }

  #noticed(what: 'online' | 'offline' | 'visible' | 'hidden'): void {
    if (what === 'offline') this.#link.sleep()
    else if (what !== 'hidden') this.#link.wake()
    if (what === 'online') this.messages.recover()
    if (what === 'hidden') {
      this.messages.deeds.outbox.hurry()
      this.#calm.flush()
      this.#drafts.flush()
      void this.#local.saver?.flush()
    }
    this.#view.changed()
  }
}
