import { expect, it } from 'vitest'
import { isHere } from './is-here.ts'

it('knows the names that a machine has for itself, and no others', () => {
  expect(['localhost', 'chat.localhost', '127.0.0.1', '127.1.2.3', '[::1]'].filter(isHere)).toHaveLength(5)
  expect(['10.0.0.1', 'chat.example.edu', '127.0.0.1.example', 'notlocalhost'].filter(isHere)).toEqual([])
})
