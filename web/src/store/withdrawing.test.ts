import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Outcome } from './contract'
import type { Confirmation } from './outbox'
import { Line, refused, settled } from './outbox.fixtures'

beforeEach(() => {
  vi.useFakeTimers()
  // The files of one worker share its clock.
  return () => vi.useRealTimers()
})

describe('a message that is withdrawn', () => {
  const never = () => new Promise<Outcome<Confirmation>>(() => undefined)

  it('is taken out and its words are given back while it waits', async () => {
    const line = new Line()
    const [first, second] = [line.say(1), line.say(2)]
    await settled()
    expect(line.outbox.withdraw(first)).toBe(true)
    expect(line.back).toEqual(['m1'])
    expect([...line.stored.keys()]).toEqual([second])
    expect(line.told.at(-1)).toEqual({ type: 'gone', id: first, kept: true })
    // Its files stay: they are the draft's.
    expect(line.ended).toEqual([])
    line.outbox.connected()
    await settled()
    expect(line.performed).toEqual([second])
  })

  it('is not taken out while it is under way, and the one behind it is', async () => {
    const line = new Line()
    line.answers = never
    line.outbox.connected()
    const [first, second] = [line.say(1), line.say(2)]
    await settled()
    expect(line.outbox.withdraw(first)).toBe(false)
    expect(line.outbox.withdraw(second)).toBe(true)
    expect(line.states()).toEqual(['1 queued'])
  })

  it.each(['offline', 'timeout'] as const)('is not taken out where %s was the answer', async (code) => {
    const line = new Line()
    line.answers = () => refused(code)
    line.outbox.connected()
    const id = line.say(1)
    await settled()
    line.outbox.disconnected()
    expect(line.outbox.withdraw(id)).toBe(false)
    // Nor by the next page.
    const next = new Line(line.stored)
    next.outbox.restore([...line.stored.values()])
    expect(next.outbox.withdraw(id)).toBe(false)
  })

  it('is not taken out by a page that came after one that went while it was under way', async () => {
    const line = new Line()
    line.answers = never
    line.outbox.connected()
    const id = line.say(1)
    await settled()
    line.outbox.hurry()
    const next = new Line(line.stored)
    next.outbox.restore([...line.stored.values()])
    expect(next.outbox.withdraw(id)).toBe(false)
  })

  it('is taken out where the server refused it for now', async () => {
    const line = new Line()
    line.answers = () => refused('overloaded')
    line.outbox.connected()
    const id = line.say(1)
    await settled()
    expect(line.outbox.withdraw(id)).toBe(true)
  })

  it('is taken out by the tab that sends', async () => {
    const [sender, other] = [new Line(), new Line()]
    const id = sender.say(1)
    await settled()
    const [told] = sender.told
    other.leads = false
    if (told !== undefined) other.outbox.heard(told)
    expect(other.outbox.withdraw(id)).toBe(true)
    expect(other.states()).toEqual(['1 queued'])
    for (const change of other.told) sender.outbox.heard(change)
    expect(sender.states()).toEqual([])
    expect(sender.back).toEqual(['m1'])
    for (const change of sender.told.slice(1)) other.outbox.heard(change)
    expect(other.states()).toEqual([])
    expect(other.ended).toEqual([])
  })
})
