import { describe, expect, it } from 'vitest'
import { Enter, enterSends } from './enter.svelte.ts'

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }

describe('Enter', () => {
  it.each([
    [{}, 'sends', true],
    [{ shiftKey: true }, 'sends', false],
    [{ altKey: true }, 'sends', false],
    [{}, 'breaks', false],
    [{ ctrlKey: true }, 'breaks', true],
    [{ metaKey: true }, 'breaks', true],
  ] as const)('%o where it %s: %s', (keys, choice, sends) => {
    expect(enterSends({ ...plain, ...keys }, choice)).toBe(sends)
  })

  it('is remembered', () => {
    new Enter(localStorage).choose('breaks')
    expect(new Enter(localStorage).choice).toBe('breaks')
    new Enter(localStorage).choose('sends')
    expect(localStorage.getItem('enter')).toBeNull()
  })
})
