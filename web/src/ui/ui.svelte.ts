import { createContext } from 'svelte'
import type { Dictionary, Who } from '../i18n/es.ts'
import type { Format } from '../i18n/format.ts'
import type { I18n } from '../i18n/i18n.svelte.ts'
import type { ClientProblem } from '../protocol/problem.ts'
import type { ChatKind } from '../protocol/wire.ts'
import type { ChatRow, Outcome, Store } from '../store/contract.ts'
import type { Folders } from './chats/folders.svelte.ts'
import type { Clock } from './clock.svelte.ts'
import type { Columns } from './columns.svelte.ts'
import type { Enter } from './conversation/enter.svelte.ts'
import type { FileParts } from './files/parts.ts'
import type { Viewing } from './files/viewing.ts'
import type { Player } from './files/player.svelte.ts'
import type { Notifier } from './notifier.svelte.ts'
import type { Navigation } from './navigation.svelte.ts'
import { explain } from './explain.ts'
import type { Question } from './question.ts'
import type { Theme } from './theme.svelte.ts'
import type { Toasts } from './toasts.svelte.ts'

/** Of a burst of news; more would be talked over anyhow. */
const SAID_MOST = 5

export const [useUi, provideUi] = createContext<Ui>()

interface Parts {
  store: Store
  i18n: I18n
  theme: Theme
  navigation: Navigation
  toasts: Toasts
  clock: Clock
  columns: Columns
  folders: Folders
  enter: Enter
  notifier: Notifier
}

interface Asked {
  question: Question
  answer: (yes: boolean) => void
}

/** What every component may use. It is made once, by `main.ts`, and handed down as context. */
export class Ui {
  readonly store: Store
  readonly i18n: I18n
  readonly theme: Theme
  readonly navigation: Navigation
  readonly toasts: Toasts
  readonly clock: Clock
  readonly columns: Columns
  readonly folders: Folders
  readonly enter: Enter
  readonly notifier: Notifier
  #asked = $state.raw<Asked | null>(null)
  #spoken = $state('')
  /** What is to be said at once. */
  #saying: readonly string[] = []
  /** What shows files, once one has been seen. */
  #fileParts = $state.raw<FileParts | null>(null)
  /** What is heard, wherever the person goes meanwhile. */
  player = $state.raw<Player | null>(null)
  /** What is looked at closely, over the page. */
  viewing = $state.raw<Viewing | null>(null)
  /** The microphone is on, or the browser is being asked for it. */
  recording = false

  constructor(parts: Parts) {
    this.store = parts.store
    this.i18n = parts.i18n
    this.theme = parts.theme
    this.navigation = parts.navigation
    this.toasts = parts.toasts
    this.clock = parts.clock
    this.columns = parts.columns
    this.folders = parts.folders
    this.enter = parts.enter
    this.notifier = parts.notifier
  }

  get t(): Dictionary {
    return this.i18n.t
  }

  /** A part of the interface that is fetched when it is wanted, with the sentences that it says. */
  whole<T>(part: Promise<T>): Promise<T> {
    return this.part(Promise.all([part, this.i18n.complete()]).then(([there]) => there))
  }

  /** A part whose sentences are on the first screen. */
  async part<T>(fetched: Promise<T>): Promise<T> {
    try {
      return await fetched
    } catch {
      // Neither kept nor to be had: what is on screen stays.
      this.toasts.fail(this.t.problem.offline)
      return new Promise(() => undefined)
    }
  }

  /** A part that deals with files. */
  async withFiles<T>(part: Promise<T>): Promise<T> {
    const [there] = await this.whole(Promise.all([part, this.store.openFiles(), this.i18n.completeFiles()]))
    return there
  }

  /** What draws the files of messages; asking for it fetches it. */
  get fileParts(): FileParts | null {
    if (this.#fileParts === null)
      void this.withFiles(import('./files/parts.ts')).then((parts) => (this.#fileParts = parts))
    return this.#fileParts
  }

  get format(): Format {
    return this.i18n.format
  }

  get question(): Question | null {
    return this.#asked?.question ?? null
  }

  /** The text of the one polite live region. */
  get spoken(): string {
    return this.#spoken
  }

  /** Says it to screen readers, once; what comes in the same moment is said together, or only the last would be heard. */
  announce(words: string): void {
    if (this.#saying.length === 0) queueMicrotask(() => this.#say())
    this.#saying = [...this.#saying, words].slice(-SAID_MOST)
  }

  #say(): void {
    const text = this.#saying.join('\n')
    this.#saying = []
    // The same words again are a change only with something that is not heard.
    this.#spoken = text === this.#spoken ? `${text}\u00A0` : text
  }

  /** What a refusal means to a person, in their language. */
  explain(problem: ClientProblem): string {
    return explain(this.t, problem)
  }

  /** The value of a success; of a refusal it shows the reason and answers null. */
  unwrap<T>(outcome: Outcome<T>): { value: T } | null {
    if (outcome.ok) return { value: outcome.value }
    this.toasts.fail(this.explain(outcome.problem))
    return null
  }

  /** Asks before something that cannot be taken back. */
  confirm(question: Question): Promise<boolean> {
    return new Promise((resolve) => {
      this.#asked?.answer(false)
      const uncover = this.navigation.cover(() => this.answer(false))
      this.#asked = {
        question,
        answer: (yes) => {
          uncover()
          this.#asked = null
          resolve(yes)
        },
      }
    })
  }

  answer(yes: boolean): void {
    this.#asked?.answer(yes)
  }

  /** Puts the text on the clipboard and says so. */
  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.toasts.say(this.t.common.copied)
    } catch {
      this.toasts.fail(this.t.problem.unexpected)
    }
  }

  /** What to call a person in the middle of a conversation: "you", when it is oneself. */
  nameOf(userId: string): string {
    return userId === this.store.session.me?.user_id ? this.t.common.you : this.fullName(userId)
  }

  /** What to call a conversation. */
  titleOf({ chat, title }: ChatRow): string {
    return chat.kind === 'saved' ? this.t.chats.saved : title || this.t.chats.untitled
  }

  /** For a sentence that speaks to the reader differently: null is oneself. */
  who(userId: string): Who {
    return userId === this.store.session.me?.user_id ? null : this.fullName(userId)
  }

  /** The file of the picture of a person, or of a chat; null where there is none, or nobody known. */
  pictureOf(id: string, kind: ChatKind): string | null {
    if (kind !== 'direct') return this.store.chats.get(id)?.chat.picture_file_id ?? null
    const me = this.store.session.me
    return (id === me?.user_id ? me : this.store.users.get(id))?.avatar_file_id ?? null
  }

  /** The name of a person; somebody not known yet is "someone". */
  fullName(userId: string): string {
    const me = this.store.session.me
    const user = userId === me?.user_id ? me : this.store.users.get(userId)
    return user === undefined ? this.t.common.someone : user.display_name || user.username
  }
}
