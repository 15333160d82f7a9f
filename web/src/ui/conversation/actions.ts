import type { Dictionary } from '../../i18n/es.ts'
import { isKnown, textOf } from '../../protocol/message.ts'
import type { MessageItem, PendingItem } from '../../store/contract.ts'
import type { MenuItem } from '../parts/menu-item.ts'

/** Offered at once; the whole set is one step further. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '👀', '✅'] as const

/** What a person can do to a message; the conversation supplies it and the rows call it. */
export interface MessageActions {
  reply(item: MessageItem): void
  edit(item: MessageItem): void
  remove(item: MessageItem): void
  react(item: MessageItem, emoji: string, on: boolean): void
  copyText(item: MessageItem | PendingItem): void
  copyLink(item: MessageItem): void
  /** What waits is not sent. */
  withdraw(item: PendingItem): void
  /** Asks where to, and sends it there as well. */
  forward(item: MessageItem): void
  /** Forwards it to what one keeps for oneself. */
  keep(item: MessageItem): void
  /** Goes to where a forwarded message was first written. */
  origin(item: MessageItem): void
  pin(item: MessageItem, on: boolean): void
  /** Shows what it said before its edits. */
  history(item: MessageItem): void
  /** Has somebody look at it who runs the conversation. */
  report(item: MessageItem): void
  /** Shows who reacted to it. */
  reactors(item: MessageItem): void
  /** Begins choosing several messages with this one. */
  select(item: MessageItem): void
  /** Goes to the message with that `seq`. */
  jump(seq: number): void
  /** Shows the menu by the element it was asked from. */
  menu(item: MessageItem | PendingItem, anchor: HTMLElement): void
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
  pinned = false,
): MenuItem[] {
  const { deleted } = item.message
  const candidates = deleted ? [] : living(t, item, rights, actions, pinned)
  const removable = !deleted && (item.mine || rights.moderate)
  return [
    ...candidates.flatMap(([offered, entry]) => (offered ? [entry] : [])),
    { label: t.conversation.copyLink, icon: 'link', onselect: () => actions.copyLink(item) },
    ...(deleted || item.mine ? [] : [complaint(t, item, actions)]),
    ...(removable ? [removal(t, item, actions)] : []),
  ]
}

/** The menu of a message that waits to be sent. */
export function waitingItems(t: Dictionary, item: PendingItem, actions: MessageActions): MenuItem[] {
  const { copyText: label, withdraw } = t.conversation
  return [
    ...(item.text === '' ? [] : [{ label, icon: 'copy' as const, onselect: () => actions.copyText(item) }]),
    { label: withdraw, icon: 'x', onselect: () => actions.withdraw(item) },
  ]
}

function living(
  t: Dictionary,
  item: MessageItem,
  { write }: Rights,
  actions: MessageActions,
  pinned: boolean,
): [boolean, MenuItem][] {
  const { conversation: text, talk } = t
  const { pin, unpin } = talk.pins
  const says = textOf(item.message) !== ''
  const shows = says || item.message.file_ids.length > 0
  return [
    [write, { label: text.reply, icon: 'reply', onselect: () => actions.reply(item) }],
    [
      write && item.mine && isKnown(item.message) && item.message.forwarded === undefined,
      { label: text.edit, icon: 'pencil', onselect: () => actions.edit(item) },
    ],
    [
      write,
      {
        label: pinned ? unpin : pin,
        icon: pinned ? 'pin-off' : 'pin',
        onselect: () => actions.pin(item, !pinned),
      },
    ],
    [shows, { label: t.forward.open, icon: 'forward', onselect: () => actions.forward(item) }],
    [shows, { label: t.forward.keep, icon: 'bookmark', onselect: () => actions.keep(item) }],
    [says, { label: text.copyText, icon: 'copy', onselect: () => actions.copyText(item) }],
    [shows, { label: t.forward.select, icon: 'list-checks', onselect: () => actions.select(item) }],
    [
      item.message.reactions.length > 0,
      { label: talk.reacted.open, icon: 'users', onselect: () => actions.reactors(item) },
    ],
    [
      item.message.edited_at !== undefined,
      { label: talk.history.open, icon: 'history', onselect: () => actions.history(item) },
    ],
  ]
}

function complaint(t: Dictionary, item: MessageItem, actions: MessageActions): MenuItem {
  return { label: t.report.open, icon: 'flag', onselect: () => actions.report(item) }
}

function removal(t: Dictionary, item: MessageItem, actions: MessageActions): MenuItem {
  return {
    label: t.conversation.remove,
    icon: 'trash-2',
    danger: true,
    onselect: () => actions.remove(item),
  }
}
