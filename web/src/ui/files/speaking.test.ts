import { describe, expect, it } from 'vitest'
import type { Draft, MessageInput } from '../../store/contract.ts'
import type { LocalFile } from '../../store/state.ts'
import { speak } from './speaking.ts'

const FILE = { id: 'voz' } as LocalFile
const REPLY = { message_id: 'm', sender_id: 'ana', excerpt: 'hola' }
const EMPTY: Draft = { text: '', reply_to: null, editing: null }

/** What is sent, and what stands in the composer afterwards. */
function spoken(draft: Draft): { sent: MessageInput[]; left: Draft } {
  const sent: MessageInput[] = []
  let left = draft
  const messages = {
    draft: () => left,
    send: (_: string, input: MessageInput) => {
      left = EMPTY
      return String(sent.push(input))
    },
    setDraft: (_: string, next: Draft) => (left = next),
  }
  speak(messages, 'chat', FILE)
  return { sent, left }
}

describe('a voice note', () => {
  it('goes by itself, and what is being written stays', () => {
    const { sent, left } = spoken({ ...EMPTY, text: 'luego' })
    expect(sent).toEqual([{ text: '', files: [FILE] }])
    expect(left).toEqual({ ...EMPTY, text: 'luego' })
  })

  it('is the answer, where one was begun', () => {
    const { sent, left } = spoken({ ...EMPTY, text: 'luego', reply_to: REPLY })
    expect(sent).toEqual([{ text: '', files: [FILE], reply_to: REPLY }])
    expect(left).toEqual({ ...EMPTY, text: 'luego' })
  })

  it('leaves an edit as it is', () => {
    const editing = { message_id: 'm', base_revision: 1 }
    const { sent, left } = spoken({ text: 'otra', reply_to: null, editing })
    expect(sent).toEqual([{ text: '', files: [FILE] }])
    expect(left).toEqual({ text: 'otra', reply_to: null, editing })
  })

  it('leaves nothing where nothing was written', () => {
    expect(spoken({ ...EMPTY, reply_to: REPLY }).left).toEqual(EMPTY)
  })
})
