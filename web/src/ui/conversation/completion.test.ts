import { describe, expect, it } from 'vitest'
import { complete, completionQuery } from './completion.ts'

const at = (text: string) => completionQuery(text, text.length)

describe('what can be completed', () => {
  it.each([
    ['@', 'mention', ''],
    ['hola @lu', 'mention', 'lu'],
    ['(@luis', 'mention', 'luis'],
    ['mira #red', 'chat', 'red'],
    ['#', 'chat', ''],
    ['bien :son', 'emoji', 'son'],
    ['/ci', 'command', 'ci'],
    ['/', 'command', ''],
  ])('%s is a %s', (text, kind, word) => {
    expect(at(text)).toMatchObject({ kind, word })
  })

  it.each([
    'correo@dominio',
    'son las 10:30',
    'http://a',
    'y/o',
    ' /no',
    ':)',
    'a:son',
    ':s',
    'c#',
    'a/b#x',
    '# título',
    'dos\n/x',
  ])('%s is nothing', (text) => {
    expect(at(text)).toBeNull()
  })

  it('is replaced, and the caret goes behind it or where it says', () => {
    const mention = { start: 5, word: 'lu', kind: 'mention' as const }
    expect(complete('hola @lu y más', mention, { key: '', insert: '@luis ', label: '', hint: '' })).toEqual({
      text: 'hola @luis y más',
      caret: 11,
    })
    const command = { start: 0, word: 'c', kind: 'command' as const }
    expect(complete('/c', command, { key: '', insert: '```\n\n```', caret: 4, label: '', hint: '' })).toEqual(
      {
        text: '```\n\n```',
        caret: 4,
      },
    )
  })
})
