/** What is fetched after the first screen, for notifications. */
export { Telling } from '../protocol/telling.ts'
export { keepUp } from './push.ts'
