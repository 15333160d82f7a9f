import { beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../waiting.fixtures'
import { follow, keepFocus, trailOf } from './focus.ts'

const by = (id: string) => document.getElementById(id) as HTMLButtonElement
const here = () => document.activeElement?.id

beforeEach(() => {
  document.body.innerHTML = `
    <h1 id="title" tabindex="-1">Sala</h1>
    <ul>
      <li id="one"><button id="a">a</button><button id="b">b</button></li>
      <li id="two"><input id="letters" /><button id="c">c</button></li>
      <li id="three"><button id="d">d</button></li>
    </ul>
    <p id="words">Nada</p>`
})

describe('where the focus goes back to', () => {
  it('is where it was, as long as that is there', () => {
    const trail = trailOf(by('a'))
    follow(trail)
    expect(here()).toBe('a')
  })

  it('is what stands nearest to it, the next before the last, and no field of letters', () => {
    const trail = trailOf(by('a'))
    by('a').remove()
    follow(trail)
    expect(here()).toBe('b')
    by('one').remove()
    follow(trail)
    expect(here()).toBe('c')
    const last = trailOf(by('d'))
    by('three').remove()
    follow(last)
    expect(here()).toBe('c')
  })

  it('is further away where nothing is left beside it', () => {
    const trail = trailOf(by('d'))
    document.querySelector('ul')?.remove()
    follow(trail)
    expect(here()).toBe('title')
  })

  it('is what Tab reaches before what only a program can focus', () => {
    const trail = trailOf(by('d'))
    by('b').tabIndex = by('c').tabIndex = -1
    by('two').remove()
    by('three').remove()
    by('a').before(Object.assign(document.createElement('b'), { id: 'first', tabIndex: -1 }))
    follow(trail)
    expect(here()).toBe('a')
  })

  it('is not what is switched off', () => {
    const trail = trailOf(by('a'))
    by('a').remove()
    by('b').disabled = true
    follow(trail)
    expect(here()).toBe('c')
  })
})

describe('a page whose focus is kept', () => {
  it('hands it on when what has it is taken away', async () => {
    keepFocus(document)
    by('c').focus()
    by('two').remove()
    await until(() => expect(here()).toBe('d'))
    by('three').remove()
    await until(() => expect(here()).toBe('a'))
  })

  it('does not hold it on its way to another, although that takes away where it was', async () => {
    keepFocus(document)
    by('c').focus()
    by('c').addEventListener('focusout', () => by('c').remove())
    by('c').dispatchEvent(new FocusEvent('focusout', { bubbles: true, relatedTarget: by('a') }))
    by('two').remove()
    await new Promise((done) => setTimeout(done))
    expect(document.activeElement).toBe(document.body)
  })

  it('leaves it to whoever gave it up', async () => {
    keepFocus(document)
    by('c').focus()
    by('c').blur()
    await Promise.resolve()
    by('two').remove()
    by('d').textContent = 'later'
    await Promise.resolve()
    await new Promise((done) => setTimeout(done))
    expect(document.activeElement).toBe(document.body)
  })
})
