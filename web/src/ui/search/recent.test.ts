import { expect, it } from 'vitest'
import { Recent } from './recent.ts'

function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    clear: () => kept.clear(),
    key: () => null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

it('keeps the last searches of each account, the newest first and each once', () => {
  const place = storage()
  const recent = new Recent('ana', place)
  for (const query of ['uno', 'dos', ' uno ', '  ', ...Array.from({ length: 9 }, (_, n) => `n${n}`)])
    recent.add(query)
  expect(recent.list).toEqual(['n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1'])
  expect(new Recent('luis', place).list).toEqual([])
  recent.clear()
  expect(recent.list).toEqual([])
})

it('does not trust what is stored', () => {
  const place = storage()
  place.setItem('searches:ana', '{')
  expect(new Recent('ana', place).list).toEqual([])
  place.setItem('searches:ana', '[1, "dos"]')
  expect(new Recent('ana', place).list).toEqual(['dos'])
})
