import { expect, it } from 'vitest'
import type { Chat } from '../protocol/wire.ts'
import { isShared } from './shared.ts'

it('is shared where people come and go', () => {
  const kinds: Chat['kind'][] = ['direct', 'group', 'channel', 'saved']
  expect(kinds.filter((kind) => isShared({ kind } as Chat))).toEqual(['group', 'channel'])
})
