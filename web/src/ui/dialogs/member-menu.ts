import type { Chat, ChatRole, Member } from '../../protocol/wire.ts'
import type { MenuItem } from '../parts/menu-item.ts'
import type { Ui } from '../ui.svelte.ts'

/** What I may do to a member of the chat: admins look after members and guests, owners after everybody else. */
export function memberMenu(ui: Ui, chat: Chat | undefined, member: Member, name: string): MenuItem[] {
  if (chat === undefined || !mayManage(chat.role, member, ui.store.session.me?.user_id)) return []
  const t = ui.t.members
  const roles: [ChatRole, MenuItem][] = [
    [
      'admin',
      { label: t.makeAdmin, icon: 'shield', onselect: () => void setRole(ui, chat, member, 'admin') },
    ],
    [
      'member',
      { label: t.makeMember, icon: 'user', onselect: () => void setRole(ui, chat, member, 'member') },
    ],
    ['guest', { label: t.makeGuest, icon: 'eye', onselect: () => void setRole(ui, chat, member, 'guest') }],
  ]
  const offered = roles.filter(
    ([role]) => role !== member.role && (role !== 'admin' || chat.role === 'owner'),
  )
  const handOver: MenuItem = {
    label: t.handOver,
    icon: 'crown',
    onselect: () => void giveAway(ui, chat, member, name),
  }
  return [
    ...offered.map(([, item]) => item),
    ...(chat.role === 'owner' && member.role !== 'owner' ? [handOver] : []),
    {
      label: t.remove,
      icon: 'user-minus',
      danger: true,
      onselect: () => void remove(ui, chat, member, name),
    },
  ]
}

/** Leaves after asking; the last owner is told what to do first. */
export async function leaveChat(ui: Ui, chatId: string): Promise<void> {
  const t = ui.t.members
  if (!(await ui.confirm({ title: t.leaveTitle, text: t.leaveText, confirm: t.leave, danger: true }))) return
  const outcome = await ui.store.chats.leave(chatId)
  if (outcome.ok) ui.navigation.replace('/')
  else ui.toasts.fail(outcome.problem.code === 'conflict' ? t.leaveOwner : ui.explain(outcome.problem))
}

function mayManage(role: ChatRole, member: Member, me: string | undefined): boolean {
  if (member.user_id === me) return false
  if (role === 'owner') return true
  return role === 'admin' && (member.role === 'member' || member.role === 'guest')
}

async function setRole(ui: Ui, chat: Chat, member: Member, role: ChatRole): Promise<void> {
  const set = (to: ChatRole) => ui.store.chats.setMember(chat.chat_id, member.user_id, to)
  if (ui.unwrap(await set(role)) === null) return
  const name = ui.fullName(member.user_id)
  ui.toasts.say(
    ui.t.members.roleSet(name, ui.t.members.role[role]),
    () => void set(member.role).then((outcome) => ui.unwrap(outcome)),
  )
}

async function giveAway(ui: Ui, chat: Chat, member: Member, name: string): Promise<void> {
  const t = ui.t.members
  const question = { title: t.handOverTitle(name), text: t.handOverText, confirm: t.handOver, danger: false }
  if (await ui.confirm(question)) ui.unwrap(await ui.store.chats.handOver(chat.chat_id, member.user_id))
}

async function remove(ui: Ui, chat: Chat, member: Member, name: string): Promise<void> {
  const t = ui.t.members
  const question = { title: t.removeTitle(name), text: t.removeText, confirm: t.remove, danger: true }
  if (!(await ui.confirm(question))) return
  if (ui.unwrap(await ui.store.chats.removeMember(chat.chat_id, member.user_id)) === null) return
  const back = () => ui.store.chats.setMember(chat.chat_id, member.user_id, member.role)
  ui.toasts.say(t.removed(name), () => void back().then((outcome) => ui.unwrap(outcome)))
}
