import { describe, expect, it } from 'vitest'
import { EMPTY_DRAFT, nextDraft, NO_DRAFT } from './drafts'

describe('drafts', () => {
  it('an edit puts the unsent text aside and brings it back', () => {
    const unsent = { ...NO_DRAFT, draft: { ...EMPTY_DRAFT, text: 'nuevo' } }
    const editing = { text: 'viejo', reply_to: null, editing: { message_id: 'm', base_revision: 1 } }
    const during = nextDraft(unsent, editing)
    expect(during.parked?.text).toBe('nuevo')
    const typed = nextDraft(during, { ...editing, text: 'viejo, corregido' })
    expect(nextDraft(typed, EMPTY_DRAFT)).toEqual(unsent)
  })
})
