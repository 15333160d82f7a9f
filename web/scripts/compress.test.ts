import { expect, it } from 'vitest'
import { compressed } from './compress.ts'

const MODULE = `
  let never = false
  const once = (name) => 'for ' + name
  export function greet(name) {
    if (never) return once(name + '!')
    return once(name)
  }
  export class Kept {
    #own = 1
    get own() {
      return this.#own
    }
  }
`

it('drops what is never true, and says the same', async () => {
  const { code, map } = await compressed(MODULE, false)
  expect(code).not.toContain('never')
  expect(code).not.toContain('once')
  expect(map).toBeNull()
  const { greet, Kept } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    greet: (name: string) => string
    Kept: new () => { own: number }
  }
  expect(greet('Ana')).toBe('for Ana')
  expect(new Kept().own).toBe(1)
})

it('leaves the names of what is inside to who comes next', async () => {
  const { code } = await compressed('export const sum = (first, second) => first + second', false)
  expect(code).toContain('first+second')
})

it('has a map where one is wanted', async () => {
  const { map } = await compressed(MODULE, true)
  expect(JSON.parse(map ?? '')).toHaveProperty('mappings')
})
