import { beforeEach, describe, expect, it } from 'vitest'
import { Folders } from './folders.svelte.ts'

const folders = () => {
  const made = new Folders()
  made.use('ana', localStorage)
  return made
}

describe('Folders', () => {
  beforeEach(() => {
    localStorage.clear()
  })

  it('survive a reload, for their account alone', () => {
    folders().add(' Cursos ', 'a')
    expect(folders().list).toMatchObject([{ name: 'Cursos', chats: ['a'] }])
    const other = folders()
    other.use('luis', localStorage)
    expect(other.list).toEqual([])
  })

  it('lose a chat, and vanish when they are empty', () => {
    const mine = folders()
    const made = mine.add('Cursos', 'a')
    mine.toggle(made?.id ?? '', 'b')
    mine.toggle(made?.id ?? '', 'a')
    expect(mine.list).toMatchObject([{ chats: ['b'] }])
    mine.toggle(made?.id ?? '', 'b')
    expect(folders().list).toEqual([])
  })

  it('refuse an empty name and more than 20', () => {
    const mine = folders()
    expect(mine.add('  ', 'a')).toBeNull()
    for (let count = 0; count < 25; count += 1) mine.add(`f${count}`, 'a')
    expect(mine.list).toHaveLength(20)
  })

  it.each(['{', '5', '[{"id":1}]'])('start anew where %j is stored', (stored) => {
    localStorage.setItem('folders:ana', stored)
    expect(folders().list).toEqual([])
  })
})
