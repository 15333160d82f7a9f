import { describe, expect, it } from 'vitest'
import { ROW_GAP_PX, ROW_PX } from '../files/files.ts'
import { expectedSizes } from './heights.ts'
import { buildRows } from './rows.ts'
import { messageItem } from './samples.ts'

const OPTIONS = { me: 'me', more_before: true, divider_n: null }

function heights(...texts: string[]): number[] {
  const items = texts.map((text, n) => messageItem(n + 1, 'ana', '2026-11-03T15:00:00Z', { body: { text } }))
  return expectedSizes(buildRows(items, OPTIONS))[0]
}

describe('expectedSizes', () => {
  it('grow with the lines of a text, written or wrapped', () => {
    const [head = 0, one = 0, three = 0, wrapped = 0] = heights('a', 'a', 'a\nb\nc', 'a'.repeat(200))
    expect(head).toBeGreaterThan(one)
    expect(three).toBeGreaterThan(one)
    expect(wrapped).toBe(three)
  })

  it('grow by the card of a link', () => {
    const preview = { url: 'https://example.org/', title: 'Feria', site: '', description: '' }
    const items = [{}, { preview }, {}].map((more, n) =>
      messageItem(n + 1, 'ana', '2026-11-03T15:00:00Z', { body: { text: 'a' }, ...more }),
    )
    const [, card = 0, plain = 0] = expectedSizes(buildRows(items, OPTIONS))[0]
    expect(card - plain).toBe(100)
  })

  it('do not grow beyond what is shown of a text', () => {
    expect(heights('a\n'.repeat(10_000))[0]).toBeLessThan(1_000)
  })

  it('are whole pixels, also the usual one', () => {
    const rows = buildRows(
      ['a', 'a\nb', 'a'].map((text, n) =>
        messageItem(n + 1, 'ana', '2026-11-03T15:00:00Z', { body: { text } }),
      ),
      OPTIONS,
    )
    const [sizes, usual] = expectedSizes(rows)
    expect([...sizes, usual].every(Number.isInteger)).toBe(true)
  })

  it('know the room that files take before they are seen', () => {
    const picture = { kind: 'image', type: 'image/jpeg', width: 400, height: 400, variants: [] }
    const paper = { kind: 'file', type: 'application/pdf', variants: [] }
    const heightWith = (text: string, ...files: object[]) => {
      const item = messageItem(1, 'ana', '2026-11-03T15:00:00Z', { body: { text }, files: files as never })
      return expectedSizes(buildRows([item], OPTIONS))[0].at(-1) ?? 0
    }
    const bare = heightWith('a')
    expect(heightWith('a', picture) - bare).toBe(380 + 8)
    expect(heightWith('a', paper, paper) - heightWith('a', paper)).toBe(ROW_PX + ROW_GAP_PX)
    // Where there is no text there is no line for it.
    expect(heightWith('', picture)).toBeLessThan(heightWith('a', picture))
  })

  it('have a usual one for rows that come later', () => {
    expect(expectedSizes([])[1]).toBeGreaterThan(0)
  })
})
