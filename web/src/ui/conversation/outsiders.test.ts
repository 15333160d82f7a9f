import { expect, it } from 'vitest'
import type { User } from '../../protocol/wire.ts'
import { calledBy, outsiders } from './outsiders.ts'

const user = (username: string): User => ({
  user_id: `id-${username}`,
  username,
  display_name: '',
  about: '',
})

it('finds who is called by name, and not everybody', () => {
  expect(calledBy('@luis y @eva, `@codigo` y @all')).toEqual(['luis', 'eva'])
  expect(calledBy(Array.from({ length: 30 }, (_, at) => `@a${at}`).join(' '))).toHaveLength(8)
})

it('names those who exist and are no members', () => {
  const directory = new Map([
    ['luis', user('luis')],
    ['eva', user('eva')],
    ['nadie', null],
  ])
  const missing = outsiders(['luis', 'eva', 'nadie', 'sin-buscar'], directory, ['id-luis'])
  expect(missing.map(({ username }) => username)).toEqual(['eva'])
})
