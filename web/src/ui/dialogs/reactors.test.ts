import { expect, it } from 'vitest'
import { byEmoji } from './reactors'

const at = (second: number) => `2026-03-09T14:05:0${second}.000Z`

it('groups people by their reaction, the most frequent first, in the order in which they came', () => {
  const entries = [
    { emoji: '🎉', user_id: 'eva', reacted_at: at(1) },
    { emoji: '👍', user_id: 'ana', reacted_at: at(3) },
    { emoji: '👍', user_id: 'luis', reacted_at: at(2) },
  ]
  expect(byEmoji(entries)).toEqual([
    ['👍', ['luis', 'ana']],
    ['🎉', ['eva']],
  ])
  expect(byEmoji([])).toEqual([])
})
