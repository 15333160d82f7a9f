import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DraftSync, type SharedDraft } from './draft-sync'
import { EMPTY_DRAFT, NO_DRAFT, nextDraft, stored } from './drafts'
import { Drafts } from './drafts.svelte'

const written = (text: string) => ({ ...EMPTY_DRAFT, text })

describe('drafts', () => {
  it('an edit puts the unsent text aside and brings it back', () => {
    const unsent = { ...NO_DRAFT, draft: written('nuevo') }
    const editing = { text: 'viejo', reply_to: null, editing: { message_id: 'm', base_revision: 1 } }
    const during = nextDraft(unsent, editing)
    expect(during.parked?.text).toBe('nuevo')
    const typed = nextDraft(during, { ...editing, text: 'viejo, corregido' })
    expect(nextDraft(typed, EMPTY_DRAFT)).toEqual(unsent)
  })
})

describe('before there is anything that talks to the server', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  function made() {
    const put = vi.fn((_chatId: string, draft: SharedDraft) =>
      Promise.resolve({ ok: true as const, value: { ...draft, version: draft.version + 1 } }),
    )
    const nothing = () => undefined
    const drafts = new Drafts({ save: nothing, tell: nothing, changed: nothing, put, now: () => 0 })
    return { drafts, put }
  }

  it('what is typed waits, and is told then', async () => {
    const { drafts, put } = made()
    drafts.set('a', written('hola'))
    await vi.runAllTimersAsync()
    expect(put).not.toHaveBeenCalled()
    drafts.follow(DraftSync)
    await vi.runAllTimersAsync()
    expect(put.mock.calls).toEqual([['a', { text: 'hola', version: 0 }]])
  })

  it('what another device wrote waits too, and is no conflict with what was agreed', async () => {
    const { drafts, put } = made()
    const agreed = { text: 'hola', version: 3 }
    drafts.restore([stored('a', { ...NO_DRAFT, draft: written('hola'), agreed })])
    drafts.heard('a', { text: 'hola a todos', version: 4 })
    expect(drafts.of('a').text).toBe('hola')
    drafts.follow(DraftSync)
    await vi.runAllTimersAsync()
    expect([drafts.of('a').text, drafts.other('a')]).toEqual(['hola a todos', null])
    expect(put).not.toHaveBeenCalled()
  })

  it('what was typed and heard is offered', () => {
    const { drafts } = made()
    drafts.heard('a', { text: 'del teléfono', version: 1 })
    drafts.set('a', written('de aquí'))
    drafts.follow(DraftSync)
    expect([drafts.of('a').text, drafts.other('a')]).toEqual(['de aquí', 'del teléfono'])
  })
})
