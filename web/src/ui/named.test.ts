import { expect, it } from 'vitest'
import { named } from './named'

it('names what it knows, and says the rest as it came', () => {
  const words = { owner: 'dueño', lastSeen: () => 'no es un rol' }
  expect(named(words, 'owner')).toBe('dueño')
  for (const strange of ['auditor', 'toString', 'lastSeen']) expect(named(words, strange)).toBe(strange)
})
