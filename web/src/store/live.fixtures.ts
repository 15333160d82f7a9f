/** A real server and people with browsers that are as real as Node allows. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Socket } from '../protocol/connection'
import { SUBPROTOCOL } from '../protocol/subprotocol'
import type { Chat } from '../protocol/wire'
import { Messenger } from './store.svelte'
import type { Environment } from './surroundings'

const COMMAND = join(import.meta.dirname, '../../../.venv/bin/uptc-messenger')
export const PASSWORD = 'correct horse battery staple'

export interface Server {
  origin: string
  stop(): Promise<void>
}

export async function startServer(): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'uptc-client-'))
  const serve = ['serve', '--port', '0', '--data', data, '--registration', 'open']
  const env = { ...process.env, UPTC_LIMITS: 'off' }
  const child = spawn(COMMAND, serve, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const origin = await firstAddress(child)
  return {
    origin,
    async stop() {
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function firstAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the server has no output')
  for await (const line of createInterface(child.stdout)) if (line.startsWith('http://')) return line
  throw new Error('the server ended before it listened')
}

/** One browser: its cookies, its database, its network. */
export class Browser {
  readonly #origin: string
  #database: string
  readonly #sockets = new Set<WebSocket>()
  #cookies = new Map<string, string>()
  #listener: (what: 'online' | 'offline' | 'visible' | 'hidden') => void = () => undefined
  #online = true
  #shared = false
  /** What was asked since the page was loaded. */
  readonly requests: string[] = []
  /** What this network swallows: no answer ever comes. */
  swallows: (path: string) => boolean = () => false
  store: Messenger

  constructor(server: Server, database: string) {
    this.#origin = server.origin
    this.#database = database
    this.store = new Messenger(this.#environment())
  }

  /** The tab is closed and opened again; what was stored is all that is left, or not even that. */
  async reload({ emptied = false } = {}): Promise<void> {
    this.store.stop()
    if (emptied) this.#database = `live-${crypto.randomUUID()}`
    this.requests.length = 0
    this.store = new Messenger(this.#environment())
    await this.store.start()
  }

  /** The same person at another device. */
  async elsewhere(username: string, swallows = this.swallows): Promise<Browser> {
    const browser = new Browser(
      { origin: this.#origin, stop: () => Promise.resolve() },
      `live-${crypto.randomUUID()}`,
    )
    browser.swallows = swallows
    await browser.store.start()
    const outcome = await browser.store.session.login({ username, password: PASSWORD })
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    return browser
  }

  /** The chat as the server has it now, whatever this device believes. */
  async chat(chatId: string): Promise<Chat> {
    const headers = { Origin: this.#origin, Cookie: this.#cookie() }
    const response = await fetch(`${this.#origin}/api/v1/chats/${chatId}`, { headers })
    return (await response.json()) as Chat
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Messenger> {
    const tab = new Messenger(this.#environment())
    await tab.start()
    return tab
  }

  /** What is known is stored. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 300))
  }

  cut(): void {
    this.#online = false
    for (const socket of this.#sockets) socket.dispatchEvent(new CloseEvent('close', { code: 1006 }))
    for (const socket of this.#sockets) socket.close()
  }

  restore(): void {
    this.#online = true
    this.#listener('online')
  }

  #environment(): Environment {
    return {
      fetch: (input, init) => this.#fetch(input, init),
      openSocket: () => this.#open(),
      online: () => this.#online,
      visible: () => true,
      saving: () => false,
      shared: () => this.#shared,
      share: (on) => (this.#shared = on),
      locks: navigator.locks,
      now: () => Date.now(),
      random: () => Math.random(),
      watch: (listener) => {
        this.#listener = listener
        return () => undefined
      },
      origin: this.#origin,
      database: this.#database,
    }
  }

  async #fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    if (!this.#online) throw new TypeError('no network')
    const headers = new Headers(init.headers)
    headers.set('Origin', this.#origin)
    headers.set('Cookie', this.#cookie())
    const path = new URL(input instanceof Request ? input.url : input, this.#origin).pathname
    this.requests.push(path)
    if (this.swallows(path)) return new Promise(() => undefined)
    const response = await fetch(input, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.#cookies.set(name, value.replaceAll('"', ''))
    }
    return response
  }

  #open(): Socket {
    const options = { protocols: SUBPROTOCOL, headers: { Origin: this.#origin, Cookie: this.#cookie() } }
    const address = this.#online ? this.#origin.replace('http', 'ws') : 'ws://127.0.0.1:9'
    // Node's WebSocket takes headers, which a browser sets by itself and the types do not know.
    const socket = new WebSocket(`${address}/api/v1/ws`, options as unknown as string[])
    this.#sockets.add(socket)
    socket.addEventListener('close', () => this.#sockets.delete(socket))
    return socket
  }

  #cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

export async function person(server: Server, username: string): Promise<Browser> {
  const browser = new Browser(server, `live-${username}-${crypto.randomUUID()}`)
  await browser.store.start()
  const outcome = await browser.store.session.register({
    username,
    password: PASSWORD,
    display_name: username,
  })
  if (!outcome.ok) throw new Error(`${username}: ${outcome.problem.code} ${outcome.problem.detail}`)
  return browser
}
