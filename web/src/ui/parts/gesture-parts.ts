export { swipe } from '../chats/swipe.ts'
export { longPress } from '../conversation/long-press.ts'
export { tooltip } from './tooltip.ts'
export { wheelThrough } from './wheel.ts'
