import { describe, expect, it } from 'vitest'
import { messageAt } from '../store/fixtures'
import { isKnown, textOf } from './message'
import type { Message } from './wire'

const strange = (body: unknown) => ({ ...messageAt('c', 1), kind: 'poll', body }) as unknown as Message

describe('a message of tomorrow', () => {
  it('says nothing where its body is no text', () => {
    for (const body of [{ question: '¿Cuándo?' }, { text: 7 }, { text: { es: 'hola' } }, {}, null])
      expect(textOf(strange(body))).toBe('')
    expect(textOf(strange({ text: 'para clientes de ayer', options: [1] }))).toBe('para clientes de ayer')
  })

  it('is not known', () => {
    expect(isKnown(strange({}))).toBe(false)
    expect(isKnown(messageAt('c', 1))).toBe(true)
  })
})
