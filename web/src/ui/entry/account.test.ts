import { describe, expect, it } from 'vitest'
import { es } from '../../i18n/es.ts'
import { problem } from '../../protocol/problem.ts'
import { faultyField, suggestedUsername, usernameFault } from './account.ts'

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

describe('faultyField', () => {
  it.each([
    ['password: at least 8 characters.', 'password'],
    ['display_name: a name to show, without control characters.', 'display_name'],
    ['Expected `str` of length >= 1 - at `$.display_name`.', 'display_name'],
    ['Expected `str` of length <= 256 - at `$.invite`.', 'invite'],
    ['This is not JSON in UTF-8.', null],
    ['', null],
  ])('of %j is %j', (detail, field) => {
    expect(faultyField(problem('bad_request', detail))).toBe(field)
  })

  it('is none where the refusal is about something else', () => {
    expect(faultyField(problem('unavailable', 'password: cannot be hashed now.'))).toBeNull()
  })
})
