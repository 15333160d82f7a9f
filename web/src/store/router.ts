/** Frames from the server to the slices that know what to do with them. */
import type { ServerFrame, UserEvent } from '../protocol/wire'
import type { Chats } from './chats.svelte'
import type { Drafts } from './drafts.svelte'
import type { Messages } from './messages.svelte'
import type { Progress } from './progress'
import type { Session } from './session.svelte'
import type { TypingBoard } from './typing'
import type { Users } from './users.svelte'

export interface Slices {
  session: Session
  chats: Chats
  messages: Messages
  users: Users
  typing: TypingBoard
  progress: Progress
  drafts: Drafts
}

/** Everything that is not an answer, in the order in which it came. Unknown types are nothing. */
export function route(frame: ServerFrame, slices: Slices): void {
  const { chats, messages, users, typing, progress } = slices
  switch (frame.type) {
    case 'welcome':
      progress.welcome(frame)
      messages.connected()
      users.connected()
      for (const head of frame.heads) {
        chats.head(head)
        messages.head(head)
      }
      break
    case 'event':
      typing.set(frame.chat_id, frame.actor_id, false)
      // An open conversation puts it in order first and passes it on.
      if (!messages.accept(frame)) chats.apply(frame)
      break
    case 'user.event':
      if (progress.next(frame.useq)) routeMine(frame, slices)
      break
    case 'chat.head':
      for (const head of frame.heads) {
        chats.head(head)
        messages.head(head)
      }
      break
    case 'digest':
      for (const entry of frame.chats) {
        chats.digest(entry)
        messages.digest(entry)
      }
      if (!frame.more) progress.digested()
      break
    case 'ping':
    case 'pong':
      for (const head of frame.heads ?? []) messages.head(head)
      break
    case 'sync.result':
      messages.offered(frame)
      break
    case 'checkpoint':
      progress.checkpoint(frame.sync_token)
      break
    case 'typing':
      typing.set(frame.chat_id, frame.user_id, frame.on)
      break
    case 'presence':
      users.present(frame.users)
      break
    case 'crowd':
      users.gather(frame.chat_id, frame.online)
      break
    case 'receipt':
      messages.receipt(frame.chat_id, frame.user_id, frame.n)
      break
    case 'flow':
    case 'goaway':
    case 'result':
    case 'error':
      break
    default:
      ignore(frame)
  }
}

/** The person's own log. */
function routeMine(event: UserEvent, { session, chats, messages, users, drafts }: Slices): void {
  switch (event.kind) {
    case 'chat.joined':
      chats.upsert(event.data)
      break
    case 'chat.left':
      chats.drop(event.data.chat_id)
      break
    case 'read.updated':
    case 'mention':
      chats.mine(event)
      break
    case 'settings.updated':
      session.learn(event.data)
      users.learn(event.data)
      break
    case 'notifications.updated':
      session.wish(event.data)
      break
    case 'session.ended':
      // The close code says it when it is this one.
      break
    case 'unknown':
      break
    case 'block.updated':
      users.blocking.set(event.data.user_id, event.data.on)
      break
    case 'level.updated':
      chats.preferred(event.data.chat_id, event.data)
      break
    case 'scheduled.updated':
      chats.waits(event.data)
      messages.scheduled_news = event.data
      break
    case 'draft.updated':
      drafts.heard(event.data.chat_id, event.data)
      break
    default:
      ignore(event)
  }
}

/** A newer server may say more; the types insist that everything of today is handled. */
function ignore(frame: never): void {
  // Its place was counted before it came here.
  return frame
}
