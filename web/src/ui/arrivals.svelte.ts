/** What comes by itself while somebody is in, and how it is told: aloud, by a note, from another application. */
import { untrack } from 'svelte'
import { opening } from '../markdown/plain.ts'
import { textOf } from '../protocol/message.ts'
import type { Message } from '../protocol/wire.ts'
import { sentText } from './files/sent-text.ts'
import type { Ui } from './ui.svelte.ts'

const SPOKEN_LENGTH = 140

/** As long as the component lives that says so. */
export function tellArrivals(ui: Ui): void {
  const { store } = ui
  $effect(() => {
    const news = ui.notifier.news(store.chats.known, store.session.wishes?.level)
    // What cannot be fetched now stands in the list all the same.
    if (news.length === 0) return
    // Whether anybody looked is known now; the rest is fetched with the first of them.
    const looks = { hidden: document.visibilityState === 'hidden', focused: document.hasFocus() }
    void import('./news.ts').then(({ hear }) => hear(ui, news, looks)).catch(() => undefined)
  })
  // Whoever comes in next has no news of what was there before.
  $effect(() => () => void ui.notifier.news([]))
  $effect(() => {
    if (ui.navigation.route.name === 'share') untrack(() => offerShared(ui))
  })
  $effect(() => store.messages.onArrival((message) => speak(ui, message)))
}

function speak(ui: Ui, message: Message): void {
  const here = ui.navigation.route
  if (here.name !== 'chat' || here.chatId !== message.chat_id) return
  const text = opening(textOf(message), SPOKEN_LENGTH) || sentText(ui.t, message.files ?? [])
  ui.announce(ui.t.conversation.arrival(ui.nameOf(message.sender_id), text))
}

/** Another application shared something with us: which chat is it for? */
function offerShared(ui: Ui): void {
  ui.navigation.replace('/')
  ui.navigation.open({ name: 'switcher', share: true })
}
