// @vitest-environment node
import 'fake-indexeddb/auto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Welcome } from '../protocol/wire'
import type { Position } from './db'
import { person, startServer, type Browser, type Server } from './live.fixtures'
import { Progress } from './progress'

const WELCOME = { log_epoch: 'e', useq: 7, sync_token: 't7', resumed: false } as Welcome

function followed(): { progress: Progress; saved: Position[]; reloads: () => number } {
  const saved: Position[] = []
  const reload = vi.fn()
  const progress = new Progress({ save: (position) => saved.push(position), reload, discard: vi.fn() })
  return { progress, saved, reloads: () => reload.mock.calls.length }
}

describe('Progress', () => {
  it('has nothing to go on from until the list is here', () => {
    const { progress, saved, reloads } = followed()
    progress.welcome(WELCOME)
    expect(progress.next(8)).toBe(true)
    progress.checkpoint('t9')
    expect([reloads(), progress.position, saved]).toEqual([1, null, []])
    progress.loaded()
    expect(saved).toEqual([{ log_epoch: 'e', useq: 8, sync_token: 't9' }])
    expect(progress.position).toEqual(saved[0])
  })

  it('says at the next hello where it stands, and with it every open chat', () => {
    const { progress } = followed()
    const open = [{ chat_id: 'c', seq: 3 }]
    expect(progress.resume(open)).toEqual({})
    progress.restore({ log_epoch: 'e', useq: 7, sync_token: 't7' })
    expect(progress.resume(open)).toEqual({ resume: { sync_token: 't7', useq: 7, open } })
  })

  it('goes back to the last it was sure of where something of its own was missed', () => {
    const { progress, saved, reloads } = followed()
    progress.restore({ log_epoch: 'e', useq: 7, sync_token: 't7' })
    expect(progress.next(9)).toBe(true)
    expect([reloads(), progress.position, saved]).toEqual([1, null, []])
    progress.loaded()
    expect(saved).toEqual([{ log_epoch: 'e', useq: 9, sync_token: 't7' }])
  })

  it('keeps nothing of a list that comes when nobody is here any more', () => {
    const { progress, saved } = followed()
    progress.welcome(WELCOME)
    progress.clear()
    progress.loaded()
    expect([progress.position, saved]).toEqual([null, []])
  })
})

describe('a list that is still on its way', { timeout: 30_000 }, () => {
  let server: Server
  let ana: Browser
  let device: Browser

  /** What is new since a quarter of a minute comes by itself, so the question counts and not the answer alone. */
  const asked = () => device.requests.filter((path) => path.endsWith('/chats')).length
  const titles = () => device.store.chats.rows.map(({ title }) => title).toSorted()
  const until = (check: () => void) => vi.waitFor(check, { timeout: 25_000, interval: 10 })

  beforeAll(async () => {
    server = await startServer()
    ana = await person(server, 'ana.halfway')
    for (const title of ['Redes', 'Bases de datos']) {
      const created = await ana.store.chats.create({ kind: 'group', title, member_ids: [] })
      if (!created.ok) throw new Error(created.problem.detail)
    }
  }, 30_000)

  beforeEach(async () => {
    device = await ana.elsewhere('ana.halfway', (path) => path.endsWith('/chats'))
    await until(() => expect(device.store.connection.state).toBe('live'))
    await device.settled()
    expect(titles()).toEqual([])
    device.swallows = () => false
    device.requests.length = 0
  })

  afterEach(() => device.store.stop())

  afterAll(async () => {
    ana.store.stop()
    await server.stop()
  })

  it('is asked for again by the next connection', async () => {
    device.cut()
    device.restore()
    await until(() => expect(titles()).toEqual(['Bases de datos', 'Redes']))
    expect(asked()).toBe(1)
  })

  it('is here for whoever asked first when it was asked for again', async () => {
    const first = device.store.chats.load()
    const second = device.store.chats.load()
    await first
    expect(titles()).toEqual(['Bases de datos', 'Redes'])
    await second
  })

  it('is asked for again by the next page', async () => {
    await device.reload()
    await until(() => expect(titles()).toEqual(['Bases de datos', 'Redes']))
    expect(asked()).toBe(1)
  })
})
