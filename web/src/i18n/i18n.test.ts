import { beforeEach, describe, expect, it } from 'vitest'
import { I18n } from './i18n.svelte.ts'

beforeEach(() => localStorage.clear())

describe('I18n', () => {
  it('follows the browser until somebody chooses', async () => {
    const i18n = new I18n(['en-GB'], localStorage)
    await i18n.start()
    expect([i18n.locale, i18n.choice, i18n.t.common.save]).toEqual(['en', 'system', 'Save'])
  })

  it('keeps the choice, and tells the page its language', async () => {
    await new I18n(['en'], localStorage).choose('es')
    const again = new I18n(['en'], localStorage)
    await again.start()
    expect([again.locale, again.t.common.save, document.documentElement.lang]).toEqual([
      'es',
      'Guardar',
      'es',
    ])
  })

  it('has the sentences of every window once they were asked for, in either language', async () => {
    const i18n = new I18n(['es'], localStorage)
    await i18n.start()
    expect([i18n.t.settings, i18n.t.talk.select]).toEqual([undefined, undefined])
    await i18n.complete()
    expect(i18n.t.settings.title).toBe('Ajustes')
    // Sections that begin on the first screen go on, and lose nothing.
    expect([i18n.t.chats.title, i18n.t.chats.pin]).toEqual(['Conversaciones', 'Fijar arriba'])
    await i18n.choose('en')
    expect([i18n.t.settings.title, i18n.t.chats.pin]).toEqual(['Settings', 'Pin to the top'])
  })

  it('has them too when Spanish is chosen afterwards', async () => {
    const i18n = new I18n(['en'], localStorage)
    await i18n.start()
    await i18n.complete()
    await i18n.choose('es')
    expect(i18n.t.settings.title).toBe('Ajustes')
  })

  it('forgets the choice', async () => {
    const i18n = new I18n(['es'], localStorage)
    await i18n.choose('en')
    await i18n.choose('system')
    expect([i18n.locale, localStorage.length]).toEqual(['es', 0])
  })
})
