import { afterEach, expect, it } from 'vitest'
import { __vitePreload as preload } from './preload.ts'

const links = () => [...document.head.querySelectorAll('link')]
const link = (path: string) => document.head.querySelector<HTMLLinkElement>(`link[href="${path}"]`)

// No file is there to be had: the tests say themselves what became of each.
Object.assign((globalThis as unknown as { happyDOM: { settings: object } }).happyDOM.settings, {
  handleDisabledFileLoadingAsSuccess: true,
})

afterEach(() => {
  for (const each of links()) each.remove()
})

it('asks for styles and scripts with the part, which is there after the styles', async () => {
  const part = preload(() => Promise.resolve('part'), ['a1.js', 'a1.css'])
  expect(link('/a1.css')?.rel).toBe('stylesheet')
  expect(link('/a1.js')?.rel).toMatch(/preload/)
  expect(link('/a1.js')?.as).toBe('script')
  expect(await Promise.race([part, Promise.resolve('not yet')])).toBe('not yet')
  link('/a1.css')?.onload?.(new Event('load'))
  expect(await part).toBe('part')
})

it('asks once, also while it is on its way', async () => {
  const parts = [preload(() => Promise.resolve(1), ['b1.css']), preload(() => Promise.resolve(2), ['b1.css'])]
  expect(links()).toHaveLength(1)
  expect(await Promise.race([...parts, Promise.resolve('not yet')])).toBe('not yet')
  link('/b1.css')?.onload?.(new Event('load'))
  expect(await Promise.all(parts)).toEqual([1, 2])
})

it('leaves alone what the page itself has', async () => {
  const own = document.createElement('link')
  own.rel = 'stylesheet'
  own.setAttribute('href', '/c1.css')
  document.head.append(own)
  expect(await preload(() => Promise.resolve('part'), ['c1.css'])).toBe('part')
  expect(links()).toHaveLength(1)
})

it('refuses without the styles, and asks for them again the next time', async () => {
  const first = preload(() => Promise.resolve('part'), ['d1.css'])
  link('/d1.css')?.onerror?.(new Event('error'))
  await expect(first).rejects.toThrow('/d1.css')
  expect(links()).toHaveLength(0)
  const second = preload(() => Promise.resolve('part'), ['d1.css'])
  link('/d1.css')?.onload?.(new Event('load'))
  expect(await second).toBe('part')
})

it('passes on what the part itself refuses', async () => {
  await expect(preload(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
})
