/** What is read, written and done in conversations. */
import type {
  Message,
  Origin,
  Pin,
  ReactionEntry,
  Revision,
  Scheduled,
  ScheduledUpdate,
} from '../../protocol/wire'
import type { LocalFile } from '../state'
import type { Outcome, Page } from './outcome'
import type { MessageItem, Place, ReplyTarget, TimelineView } from './timeline'

/** What is in the composer; kept for each chat over reload. */
export interface Draft {
  text: string
  reply_to: ReplyTarget | null
  /** The message being edited; `text` is then the edit, and the unsent new text is kept apart. */
  editing: { message_id: string; base_revision: number } | null
  /** Chosen to be sent with the text, in this order; only on this device. */
  files?: readonly LocalFile[]
}

export interface MessageInput {
  text: string
  reply_to?: ReplyTarget
  files?: readonly LocalFile[]
  /** Epoch milliseconds: the server keeps it until then. */
  send_at?: number
}

/** Messages that wait on the server for their time; each call needs a connection. */
export interface LaterApi {
  /** In one chat, or (null) in all; what is sent first comes first. */
  list(chatId: string | null): Promise<Outcome<readonly Scheduled[]>>
  /**
   * Lets it wait, or changes one that waits. `message_id` is made once by who writes it: an answer may be lost,
   * and the same again must be the same message. `send_at` is epoch milliseconds.
   */
  put(
    chatId: string,
    input: {
      text: string
      send_at: number
      message_id: string
      reply_to?: string
      /** All that it is to have; they are on the server. */
      file_ids?: readonly string[]
    },
  ): Promise<Outcome<Scheduled>>
  cancel(chatId: string, messageId: string): Promise<Outcome<void>>
  sendNow(chatId: string, messageId: string): Promise<Outcome<unknown>>
}

/** `store.messages`: the open conversations. */
export interface MessagesApi {
  /**
   * Makes it an open chat (events, typing, receipts flow) and loads it: around `at_seq` when given,
   * around the first unread message when there are unread ones outside the newest page, where the person
   * was reading, else the end.
   * The local copy shows at once. The last three opened chats stay in memory.
   */
  open(chatId: string, at_seq?: number): void
  /** The person left it: the divider goes, the level falls to `head` once it is not among the last three. */
  close(chatId: string): void
  timeline(chatId: string): TimelineView
  loadBefore(chatId: string): Promise<void>
  loadAfter(chatId: string): Promise<void>
  /** Loads around that seq if it is not there; true when the row is in `items`. */
  jumpTo(chatId: string, seq: number): Promise<boolean>
  jumpToEnd(chatId: string): Promise<void>

  /**
   * Shows at once, is stored before it is sent, and answers its `message_id`. Clears the draft. What has a time
   * shows until the server has it, and is then in the list of `later`.
   */
  send(chatId: string, input: MessageInput): string
  /** Sends there what these messages of `fromId` say, oldest first; shows at once, as every send does. */
  forward(chatId: string, fromId: string, items: readonly MessageItem[]): void
  /** Those who ask the server for what waits to be sent at a time. */
  later(): Promise<LaterApi>
  /** What became last of a message of mine that waits. */
  readonly scheduled_news: ScheduledUpdate | null
  /** Where a forwarded message was first written, for who may read it there. */
  origin(chatId: string, messageId: string): Promise<Outcome<Origin>>
  /** Ends the edit in the draft: what was put aside for it comes back. */
  edit(chatId: string, messageId: string, text: string, base_revision: number): void
  remove(chatId: string, messageId: string): void
  pin(chatId: string, messageId: string, on: boolean): void
  /** Of an open chat, newest pin first. */
  pins(chatId: string): readonly Pin[]
  /** What the message says and said before its edits, newest first. */
  revisions(chatId: string, messageId: string): Promise<Outcome<readonly Revision[]>>
  react(chatId: string, messageId: string, emoji: string, on: boolean): void
  /** Who reacted, those with the same emoji together. */
  reactors(chatId: string, messageId: string, cursor?: string): Promise<Outcome<Page<ReactionEntry>>>
  /** A failed message or change: the same id is sent again. */
  retry(id: string): void
  discard(id: string): void
  /** A message that waits is not sent: it stands in the composer again. False where it is on its way already. */
  withdraw(id: string): boolean

  /** This `n` is on screen, and the page is visible: read up to there, once the first unread message has been here. */
  seen(chatId: string, n: number): void
  /** The person says that it is read up to this `n`; never moves back. */
  markRead(chatId: string, n: number): void
  /** Everything after `n` counts as unread again. */
  markUnread(chatId: string, n: number): void

  /** Where the person was reading when the chat was left; null at its end. Kept over reload. */
  place(chatId: string): Place | null
  setPlace(chatId: string, place: Place | null): void

  draft(chatId: string): Draft
  /** On every input event; stored at once. */
  setDraft(chatId: string, draft: Draft): void
  /** What another device wrote there at the same time; null when there is nothing to decide. */
  otherDraft(chatId: string): string | null
  /** Takes it in place of the text here, or puts it away. */
  settleOtherDraft(chatId: string, take: boolean): void
  /**
   * Conversations that I am not in any more and for which words of mine were not sent, by what they were
   * called; one that I am in again has them where they stood, and stays here until I write there.
   */
  readonly left: ReadonlyMap<string, string>
  /** Those words, oldest first, with the names of files. */
  leftWords(chatId: string): readonly string[]
  /** They are not wanted any more; answers how to have them back, as one text. */
  discardLeft(chatId: string): () => void
  /** Call on input; the store limits how often it tells the others. */
  typing(chatId: string, on: boolean): void

  /** Messages by others that arrive live, for the live region and notifications; returns the way out. */
  onArrival(listener: (message: Message) => void): () => void
}
