import { beforeEach, describe, expect, it } from 'vitest'
import { Columns, LIST_MIN } from './columns.svelte.ts'
import type { DialogName, Navigation } from './navigation.svelte.ts'

const windowOf = (value: number) => {
  Object.defineProperty(window, 'innerWidth', { value, configurable: true })
}

describe('the width of the list', () => {
  beforeEach(() => {
    localStorage.clear()
    windowOf(1280)
  })

  it('is what the window suggests until somebody chooses, and again when they let it', () => {
    const columns = new Columns(localStorage)
    expect(columns.width).toBe(360)
    columns.resize(420)
    expect(new Columns(localStorage).width).toBe(420)
    columns.resize(null)
    expect(new Columns(localStorage).width).toBe(360)
  })

  it('leaves room on both sides', () => {
    const columns = new Columns(localStorage)
    columns.resize(10)
    expect(columns.width).toBe(LIST_MIN)
    columns.resize(9_000)
    expect(columns.width).toBe(columns.most)
    expect(columns.most).toBeLessThanOrEqual(1280 - 400)
  })

  it('moves with the keys of a border', () => {
    const columns = new Columns(localStorage)
    expect(columns.key('ArrowRight')).toBe(true)
    expect(columns.width).toBe(376)
    columns.key('ArrowLeft')
    columns.key('ArrowLeft')
    expect(columns.width).toBe(344)
    columns.key('Home')
    expect(columns.width).toBe(LIST_MIN)
    columns.key('End')
    expect(columns.width).toBe(columns.most)
    columns.key('Enter')
    expect(columns.width).toBe(360)
    for (const other of ['a', 'Tab', 'toString']) expect(columns.key(other)).toBe(false)
  })

  it('is not taken from what a former version or a hand left there', () => {
    for (const odd of ['NaN', 'wide', '-5', '1e999', '']) {
      localStorage.setItem('list-width', odd)
      expect(new Columns(localStorage).width).toBe(360)
    }
  })
})

describe('a third column', () => {
  const asked = (dialog: DialogName): Pick<Navigation, 'dialog' | 'route'> => ({
    dialog,
    route: { name: 'chat', chatId: 'a', seq: null },
  })
  const gallery = asked({ name: 'gallery', chatId: 'a' })

  it('is there for what is looked up, while the window has room for it', () => {
    localStorage.clear()
    windowOf(1279)
    const columns = new Columns(localStorage)
    expect(columns.beside(gallery)).toBe(false)
    windowOf(1280)
    dispatchEvent(new Event('resize'))
    expect(columns.beside(gallery)).toBe(true)
    expect(columns.beside(asked({ name: 'create' }))).toBe(false)
  })
})
