import { chatPath } from './route.ts'
import type { Ui } from './ui.svelte.ts'

type Part = Pick<Ui, 'store' | 'navigation' | 'columns'>

const REGIONS = [
  'nav[aria-label] a[tabindex="0"]',
  '[role="feed"] [tabindex="0"]',
  '.page textarea',
  '.third h2',
]

/** The keys that work everywhere in the signed-in application. Keys of a part are with the part. */
export function onShortcut(ui: Part, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const act = action(ui, event)
  if (act === null) return
  event.preventDefault()
  act()
}

function action(ui: Part, event: KeyboardEvent): (() => void) | null {
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey) return null
    const known = event.shiftKey ? shifted : commands
    return known[event.key.toLowerCase()]?.(ui) ?? null
  }
  if (event.altKey) {
    const step = STEPS[event.key]
    return step === undefined ? null : () => goBy(ui, step, event.shiftKey)
  }
  return free(ui) ? plain(ui, event) : null
}

/** Nothing stands over the page, whose keys they would be. */
function free({ navigation, columns }: Part): boolean {
  return navigation.dialog === null || columns.beside(navigation)
}

/** Keys without another held down. */
function plain(ui: Part, event: KeyboardEvent): (() => void) | null {
  if (event.key === 'F6') return () => nextRegion(event.shiftKey ? -1 : 1)
  return event.key === '?' && !writes(event.target) ? () => ui.navigation.open({ name: 'shortcuts' }) : null
}

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 }

const commands: Record<string, ((ui: Part) => () => void) | undefined> = {
  k: (ui) => () => ui.navigation.open({ name: 'switcher' }),
  ',': (ui) => () => ui.navigation.open({ name: 'settings' }),
  '/': (ui) => () => ui.navigation.open({ name: 'shortcuts' }),
}

/** With the shift key too; Ctrl+F stays the browser's. */
const shifted: typeof commands = {
  f: (ui) => () => ui.navigation.open({ name: 'search' }),
}

/** The next chat of the list, or the next with unread messages; the ends are joined. */
function goBy(ui: Part, step: number, unread: boolean): void {
  const { route } = ui.navigation
  const here = route.name === 'chat' ? route.chatId : null
  const rows = ui.store.chats.rows.filter((row) => !row.chat.archived)
  const reachable = rows.filter((row) => row.chat_id === here || !unread || row.unread > 0)
  if (reachable.length === 0) return
  const at = reachable.findIndex((row) => row.chat_id === here)
  const start = at === -1 && step < 0 ? 0 : at
  const next = reachable[(start + step + reachable.length) % reachable.length]
  if (next !== undefined && next.chat_id !== here) ui.navigation.go(chatPath(next.chat_id))
}

function nextRegion(step: number): void {
  const places = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter(
    (place) => place !== null && place.offsetParent !== null,
  ) as HTMLElement[]
  const regions = places.map((place) => place.closest('nav, [role="feed"], aside') ?? place)
  const here = regions.findIndex((region) => region.contains(document.activeElement))
  places[(here + step + places.length) % places.length]?.focus()
}

function writes(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}
