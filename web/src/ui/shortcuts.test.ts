import { describe, expect, it, vi } from 'vitest'
import { chatRow } from './chats/samples.ts'
import { onShortcut } from './shortcuts.ts'

function setUp(here: string | null, dialog: { name: string } | null = null) {
  const rows = [
    chatRow('a'),
    chatRow('b', { unread: 2 }),
    chatRow('c', { chat: { archived: true }, unread: 1 }),
    chatRow('d'),
  ]
  const navigation = {
    dialog,
    route: here === null ? { name: 'home' } : { name: 'chat', chatId: here, seq: null },
    open: vi.fn(),
    go: vi.fn(),
  }
  const columns = { beside: () => false }
  const ui = { store: { chats: { rows } }, navigation, columns } as unknown as Parameters<
    typeof onShortcut
  >[0]
  const press = (key: string, held: KeyboardEventInit = {}, target: HTMLElement = document.body) => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true, ...held })
    target.addEventListener(
      'keydown',
      (each) => {
        onShortcut(ui, each)
      },
      { once: true },
    )
    target.dispatchEvent(event)
    return event.defaultPrevented
  }
  return { navigation, press }
}

describe('onShortcut', () => {
  it('walks the list in its order, without the archived, round its ends', () => {
    const { navigation, press } = setUp('a')
    press('ArrowDown', { altKey: true })
    expect(navigation.go).toHaveBeenLastCalledWith('/c/b')
    press('ArrowUp', { altKey: true })
    expect(navigation.go).toHaveBeenLastCalledWith('/c/d')
  })

  it('jumps to the next unread, and stays where there is none', () => {
    const { navigation, press } = setUp('d')
    press('ArrowDown', { altKey: true, shiftKey: true })
    expect(navigation.go).toHaveBeenLastCalledWith('/c/b')
    const there = setUp('b')
    there.press('ArrowDown', { altKey: true, shiftKey: true })
    expect(there.navigation.go).not.toHaveBeenCalled()
  })

  it('opens the switcher, also over another window', () => {
    const { navigation, press } = setUp(null, { name: 'settings' })
    expect(press('k', { ctrlKey: true })).toBe(true)
    expect(navigation.open).toHaveBeenCalledWith({ name: 'switcher' })
  })

  it('opens the search in messages, and leaves the search in the page to the browser', () => {
    const { navigation, press } = setUp(null)
    expect(press('f', { ctrlKey: true })).toBe(false)
    expect(press('F', { ctrlKey: true, shiftKey: true })).toBe(true)
    expect(navigation.open).toHaveBeenCalledExactlyOnceWith({ name: 'search' })
  })

  it('leaves a question mark to who is writing', () => {
    const { navigation, press } = setUp(null)
    expect(press('?', {}, document.createElement('textarea'))).toBe(false)
    expect(press('?')).toBe(true)
    expect(navigation.open).toHaveBeenCalledTimes(1)
  })

  it.each(['b', 'r', 'a'])('leaves Ctrl+%s to the browser', (key) => {
    expect(setUp(null).press(key, { ctrlKey: true })).toBe(false)
  })
})
