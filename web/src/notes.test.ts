import { describe, expect, it } from 'vitest'
import { failedNote, noteOf, parsePush, testNote, type Told } from './notes.ts'

const TOLD: Told = {
  kind: 'message',
  chat_id: 'c1',
  seq: 7,
  n: 5,
  count: 1,
  title: 'Redes',
  sender: 'Ana',
  locale: 'es',
  call: false,
  quiet: false,
  text: 'hola',
}

describe('what a push says', () => {
  it('is read only where it is known', () => {
    expect(parsePush(JSON.stringify({ ...TOLD, v: 1 }))).toMatchObject({ kind: 'message', seq: 7 })
    for (const strange of ['', '{', 'null', '7', '{"v":2,"kind":"message"}', '{"v":1,"kind":"call"}'])
      expect(parsePush(strange)).toBeNull()
  })

  it('opens the exact message', () => {
    expect(noteOf(TOLD, 0).data).toMatchObject({ path: '/c/c1/m/7', n: 5 })
  })

  it.each([
    [TOLD, 'Redes', 'Ana: hola'],
    [{ ...TOLD, title: null }, 'Ana', 'hola'],
    [{ ...TOLD, count: 3 }, 'Redes (3)', 'Ana: hola'],
    [{ ...TOLD, text: '', files: 1 }, 'Redes', 'Ana: Archivo'],
    [{ ...TOLD, text: '', files: 3 }, 'Redes', 'Ana: 3 archivos'],
    [{ ...TOLD, text: undefined, count: 3 }, 'Redes (3)', '3 mensajes nuevos'],
    [{ ...TOLD, text: undefined, locale: 'en' as const }, 'Redes', 'New message'],
  ])('%#', (told, title, body) => {
    expect(noteOf(told as Told, 0)).toMatchObject({ title, body, tag: 'c1' })
  })

  it('rings once for one position, and never for what is quiet', () => {
    expect(noteOf(TOLD, 0)).toMatchObject({ silent: false, renotify: true })
    expect(noteOf(TOLD, 7)).toMatchObject({ silent: true, renotify: false })
    expect(noteOf({ ...TOLD, quiet: true }, 0)).toMatchObject({ silent: true, renotify: false })
  })

  it('keeps the words that could not be sent', () => {
    const { data } = noteOf(TOLD, 0)
    const note = failedNote({ ...data, reply: { id: 'r1', text: 'voy' } })
    expect(note.body).toContain('voy')
    expect(note.data.reply).toEqual({ id: 'r1', text: 'voy' })
    expect(note.tag).toBe('c1')
  })

  it('has a test in each language', () => {
    expect(testNote({ kind: 'test', locale: 'es' }).body).not.toBe(
      testNote({ kind: 'test', locale: 'en' }).body,
    )
  })
})
