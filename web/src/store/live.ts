/** What is needed once there is a server to talk to, and nothing of what is shown before. */
export { Connection } from '../protocol/connection'
export { perform } from './performing'
export { route } from './router'
