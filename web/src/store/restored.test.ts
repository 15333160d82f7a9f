// @vitest-environment node
import 'fake-indexeddb/auto'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { person } from './live.fixtures'
import type { Messenger } from './store.svelte'

const COMMAND = join(import.meta.dirname, '../../../.venv/bin/uptc-messenger')
const WAIT = { timeout: 20_000, interval: 20 }
const run = promisify(execFile)

let folder: string
let child: ChildProcess | null = null

/** A server that keeps its data and its port between two lives. */
async function start(port: string): Promise<string> {
  const serve = ['serve', '--port', port, '--data', join(folder, 'data'), '--registration', 'open']
  const env = { ...process.env, UPTC_LIMITS: 'off' }
  child = spawn(COMMAND, serve, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  if (child.stdout === null) throw new Error('the server has no output')
  for await (const line of createInterface(child.stdout)) if (line.startsWith('http://')) return line
  throw new Error('the server ended before it listened')
}

async function stop(): Promise<void> {
  const ending = child
  child = null
  if (ending === null) return
  const ended = new Promise((resolve) => ending.once('exit', resolve))
  ending.kill('SIGTERM')
  await ended
}

function texts({ messages }: Messenger, chat: string): string[] {
  return messages.timeline(chat).items.flatMap((item) => {
    if (item.type === 'message') return [item.message.body?.text ?? '(deleted)']
    return item.type === 'pending' ? [`${item.state}: ${item.text}`] : []
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uptc-restored-'))
})

afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true, force: true })
})

it('after a restore nothing is shown that is not there, and what was not sent is sent', async () => {
  const origin = await start('0')
  const backup = join(folder, 'a.backup.gz')
  const data = ['--data', join(folder, 'data')]
  const ana = await person({ origin, stop }, 'ana.restored')
  const created = await ana.store.chats.create({ kind: 'group', title: 'Redes', member_ids: [] })
  if (!created.ok) throw new Error(created.problem.detail)
  const chat = created.value.chat_id
  const until = (wanted: string[]) => vi.waitFor(() => expect(texts(ana.store, chat)).toEqual(wanted), WAIT)
  ana.store.messages.open(chat)
  ana.store.messages.send(chat, { text: 'uno' })
  await until(['uno'])
  await run(COMMAND, ['backup', backup, ...data])
  ana.store.messages.send(chat, { text: 'dos, después de la copia' })
  await until(['uno', 'dos, después de la copia'])
  ana.cut()
  ana.store.messages.send(chat, { text: 'tres, sin red' })
  await ana.settled()

  await stop()
  await run(COMMAND, ['restore', backup, '--force', ...data])
  expect(await start(new URL(origin).port)).toBe(origin)
  ana.restore()
  await until(['uno', 'tres, sin red'])

  await ana.settled()
  await ana.reload()
  expect(ana.store.session.phase).toBe('signed_in')
  ana.store.messages.open(chat)
  await until(['uno', 'tres, sin red'])
  ana.store.stop()
}, 90_000)
