import { expect, it } from 'vitest'
import { beginningOf, inputOf, type Narrowing } from './narrowing.ts'

const nothing: Narrowing = { chatId: null, from: null, has: null, since: '', until: '' }

it('has what was chosen, and no more', () => {
  expect(inputOf('hola ', nothing)).toEqual({ q: 'hola ' })
  expect(inputOf('', { ...nothing, chatId: 'c', from: 'me', has: 'file' })).toEqual({
    q: '',
    chat_id: 'c',
    from: 'me',
    has: 'file',
  })
  expect(inputOf(' ', { ...nothing, since: '2026-03-09', until: '2026-03-09' })).toEqual({
    q: '',
    after: new Date(2026, 2, 9).toISOString(),
    before: new Date(2026, 2, 10).toISOString(),
  })
})

it('is nothing without anything to look for', () => {
  expect(inputOf(' ', nothing)).toBeNull()
  expect(inputOf('', { ...nothing, chatId: 'c' })).toBeNull()
})

it('counts days where the reader is', () => {
  expect(beginningOf('2026-12-31', 1)).toBe(new Date(2027, 0, 1).toISOString())
  expect(beginningOf('mañana')).toBeNull()
})
