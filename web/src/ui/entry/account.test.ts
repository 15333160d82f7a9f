import { describe, expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import { suggestedUsername, usernameFault } from './account.ts'

describe('suggestedUsername', () => {
  it.each([
    ['María José Núñez', 'maria.jose.nunez'],
    ['  Ana  ', 'ana'],
    ['O’Brien-Smith', 'o.brien.smith'],
    ['山田', ''],
    ['Maximiliano Bartolomé de la Santísima Trinidad', 'maximiliano.bartolome.de.la.sant'],
    ['a'.repeat(31) + ' b', 'a'.repeat(31)],
  ])('of %j is %j', (name, username) => {
    expect(suggestedUsername(name)).toBe(username)
    if (username !== '') expect(usernameFault(es, username)).toBeNull()
  })
})
