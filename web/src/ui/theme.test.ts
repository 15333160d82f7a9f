import { beforeEach, describe, expect, it } from 'vitest'
import { Theme } from './theme.svelte.ts'

const root = document.documentElement
const started = () => {
  const theme = new Theme(localStorage)
  theme.start()
  return theme
}

describe('Theme', () => {
  beforeEach(() => {
    localStorage.clear()
    started()
  })

  it('keeps what was chosen over a reload', () => {
    const theme = started()
    theme.choose('theme', 'dark')
    theme.choose('contrast', 'more')
    theme.choose('text', '130')
    theme.choose('density', 'compact')
    theme.choose('motion', 'less')
    expect(started().look).toEqual({
      theme: 'dark',
      contrast: 'more',
      text: '130',
      density: 'compact',
      motion: 'less',
    })
    expect([...root.classList].sort()).toEqual(['compact', 'contrast', 'dark', 'still'])
    expect(root.style.fontSize).toBe('130%')
  })

  it('stores nothing for what is as usual', () => {
    const theme = started()
    theme.choose('text', '150')
    theme.choose('text', '100')
    expect(localStorage.length).toBe(0)
    expect(root.style.fontSize).toBe('')
  })

  it('takes no notice of what it does not know', () => {
    localStorage.setItem('theme', 'pink')
    expect(started().look.theme).toBe('system')
  })
})
