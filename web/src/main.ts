import { mount } from 'svelte'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import { I18n } from './i18n/i18n.svelte.ts'
import { createStore } from './store/store.svelte.ts'
import { browserEnvironment } from './store/surroundings.ts'
import App from './ui/App.svelte'
import { Folders } from './ui/chats/folders.svelte.ts'
import { Clock } from './ui/clock.svelte.ts'
import { Columns } from './ui/columns.svelte.ts'
import { Enter } from './ui/conversation/enter.svelte.ts'
import { Navigation } from './ui/navigation.svelte.ts'
import { Notifier } from './ui/notifier.svelte.ts'
import { expectFirst, wasHome } from './ui/home.ts'
import { afterPaint, whenIdle } from './ui/idle.ts'
import { fetchRest } from './ui/rest.svelte.ts'
import { Theme } from './ui/theme.svelte.ts'
import { Toasts } from './ui/toasts.svelte.ts'
import { Ui } from './ui/ui.svelte.ts'

/** No `await` of the module itself: English is a file that needs this one, and each would wait for the other. */
async function begin(target: HTMLElement): Promise<void> {
  const home = wasHome(localStorage)
  expectFirst(home)
  const theme = new Theme(localStorage)
  const i18n = new I18n(navigator.languages, localStorage)
  const navigation = new Navigation(afterPaint)
  const clock = new Clock()
  const store = createStore(browserEnvironment())

  theme.start()
  navigation.start()
  const { route } = navigation
  // The database is asked first: it answers while the page is put together.
  const started = store.start(route.name === 'chat' ? route.chatId : null)
  clock.start()
  // Before the first paint, so that an English reader sees no flash of Spanish.
  await i18n.start()
  // With the form: its sentences would otherwise be asked for a round trip later.
  if (!home) i18n.completeEntry().catch(() => undefined)
  const columns = new Columns(localStorage)
  const folders = new Folders()
  const toasts = new Toasts()
  const enter = new Enter(localStorage)
  const notifier = new Notifier(localStorage)

  notifier.start()
  const ui = new Ui({ store, i18n, theme, navigation, clock, toasts, columns, folders, enter, notifier })
  mount(App, { target, props: { ui } })
  fetchRest(ui)
  window.addEventListener('pagehide', () => {
    store.leave()
  })
  // What could not be sent from a note: the person wants to see it in the composer.
  const takeReplies = () => void import('./ui/replies.ts').then(({ takeReplies: take }) => take(store))
  void started.then(() => {
    if (location.hash === '#reply') takeReplies()
  })
  if (import.meta.env.PROD)
    // Without it the application works all the same, only not offline.
    whenIdle(() => {
      void import('./shell.ts').then(
        ({ registerShell }) =>
          registerShell({
            open: (path, words) => {
              navigation.go(path)
              if (words) takeReplies()
            },
            busy: () => store.busy || ui.recording || ui.player?.playing === true,
          }),
        () => undefined,
      )
    })
}

const target = document.getElementById('app')
if (target === null) throw new Error('the page has no #app element')
void begin(target)
