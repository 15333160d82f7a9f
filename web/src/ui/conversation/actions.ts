import type { Dictionary } from '../../i18n/es.ts'
import type { MessageItem } from '../../store/contract.ts'
import type { MenuItem } from '../parts/menu-item.ts'

/** Offered at once; the whole set is one step further. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '👀', '✅'] as const

/** What a person can do to a message; the conversation supplies it and the rows call it. */
export interface MessageActions {
  reply(item: MessageItem): void
  edit(item: MessageItem): void
  remove(item: MessageItem): void
  react(item: MessageItem, emoji: string, on: boolean): void
  copyText(item: MessageItem): void
  copyLink(item: MessageItem): void
  /** Goes to the message with that `seq`. */
  jump(seq: number): void
  /** Shows the menu by the element it was asked from. */
  menu(item: MessageItem, anchor: HTMLElement): void
  /** Shows the emoji by the element they were asked from. */
  emoji(item: MessageItem, anchor: HTMLElement): void
}

export interface Rights {
  /** May write here at all: without it nobody replies, reacts or edits. */
  write: boolean
  /** May delete what others wrote. */
  moderate: boolean
}

/** The menu of one message: only what this person may do to it. */
export function menuItems(
  t: Dictionary,
  item: MessageItem,
  rights: Rights,
  actions: MessageActions,
): MenuItem[] {
  const { message, mine } = item
  const text = t.conversation
  const alive = !message.deleted && message.body !== null
  const candidates: [boolean, MenuItem][] = [
    [alive && rights.write, { label: text.reply, icon: 'reply', onselect: () => actions.reply(item) }],
    [alive && rights.write && mine, { label: text.edit, icon: 'pencil', onselect: () => actions.edit(item) }],
    [alive, { label: text.copyText, icon: 'copy', onselect: () => actions.copyText(item) }],
    [true, { label: text.copyLink, icon: 'link', onselect: () => actions.copyLink(item) }],
    [
      !message.deleted && (mine || rights.moderate),
      { label: text.remove, icon: 'trash-2', danger: true, onselect: () => actions.remove(item) },
    ],
  ]
  return candidates.flatMap(([offered, entry]) => (offered ? [entry] : []))
}
