/** What is needed once there is a server to talk to, and nothing of what is shown before. */
export { Connection } from '../protocol/connection'
export { applyToChat, withDigest, withHead, withMark, withMine } from './apply-chat'
export { Backfill } from './backfill'
export { Conversation } from './conversation'
export { Paging } from './paging'
export { perform } from './performing'
export { route } from './router'
export { Writer } from './writer'
