import { beforeEach, expect, it, vi } from 'vitest'
import { chatRow } from './chats/samples.ts'
import { hear, type Looks } from './news.ts'
import { answered } from './offering.ts'
import { choose, ring } from './ringing.ts'
import type { Ui } from './ui.svelte.ts'

vi.mock(import('./ringing.ts'), async (original) => ({ ...(await original()), ring: vi.fn() }))

const ROWS = [chatRow('a', { unread: 1 })]

function page({ permission = 'default', shared = false, handed = false, quiet = false } = {}): Ui {
  const until = '2999-01-01T00:00:00Z'
  return {
    notifier: { on: false, permission, handed, offered: false },
    store: { shared, session: { wishes: { quiet: null, ...(quiet ? { snoozed_until: until } : {}) } } },
  } as unknown as Ui
}

const AWAY: Looks = { hidden: true, focused: false }
const HERE: Looks = { hidden: false, focused: true }
const ELSEWHERE: Looks = { hidden: false, focused: false }

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.mocked(ring).mockReset()
  return () => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  }
})

it('offers notes once something came that nobody saw, until it is answered on this device', async () => {
  const ui = page()
  await hear(ui, ROWS, AWAY)
  expect(ui.notifier.offered).toBe(true)
  answered(ui)
  expect(ui.notifier.offered).toBe(false)
  await hear(ui, ROWS, AWAY)
  expect(ui.notifier.offered).toBe(false)
})

it.each([{ permission: 'denied' }, { permission: 'unsupported' }, { shared: true }, { handed: true }])(
  'offers nothing with %o',
  async (given) => {
    const ui = page(given)
    await hear(ui, ROWS, AWAY)
    expect(ui.notifier.offered).toBe(false)
  },
)

it('offers nothing to who looks', async () => {
  const ui = page()
  await hear(ui, ROWS, HERE)
  expect(ui.notifier.offered).toBe(false)
  expect(ring).not.toHaveBeenCalled()
})

it('rings for a page that is open and not looked at, once for many', async () => {
  await Promise.all([hear(page(), ROWS, ELSEWHERE), hear(page(), ROWS, ELSEWHERE)])
  expect(ring).toHaveBeenCalledOnce()
})

it('keeps still while paused, where it was turned off, and where another tab is looked at', async () => {
  await hear(page({ quiet: true }), ROWS, ELSEWHERE)
  choose(localStorage, false)
  await hear(page(), ROWS, ELSEWHERE)
  choose(localStorage, true)
  await hear(page(), ROWS, HERE)
  await hear(page(), ROWS, ELSEWHERE)
  expect(ring).not.toHaveBeenCalled()
})
