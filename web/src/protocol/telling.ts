/** The HTTP operations of notifications: the first screen does without them. */
import type { Outcome } from '../store/contract'
import { Rest } from './rest'
import type { components } from './schema.gen'

type Schemas = components['schemas']
type Answer<T> = Promise<Outcome<T>>

export type Health = Schemas['NotificationHealth']
export type Wishes = Schemas['Wishes']
export type Settings = Schemas['NotificationSettings']
export type PushDevice = Schemas['PushDevice']
export type Tried = Schemas['Tried']

export class Telling {
  readonly #rest: Rest

  constructor(rest: Rest = new Rest({ fetch: (...request) => fetch(...request) })) {
    this.#rest = rest
  }

  settings = (): Answer<Settings> => this.#rest.call('GET', '/notifications/settings')
  wish = (body: Wishes): Answer<Settings> => this.#rest.call('PUT', '/notifications/settings', body)
  address = (address: string | null): Answer<Settings> =>
    this.#rest.call('PUT', '/notifications/address', { address })
  health = (): Answer<Health> => this.#rest.call('GET', '/notifications/health')
  key = (): Answer<Schemas['PushKey']> => this.#rest.call('GET', '/notifications/push')
  subscribe = (body: Schemas['PushSubscription']): Answer<PushDevice> =>
    this.#rest.call('PUT', '/notifications/push', body)
  unsubscribe = (): Answer<void> => this.#rest.call('DELETE', '/notifications/push')
  devices = (): Answer<Schemas['PushDevices']> => this.#rest.call('GET', '/notifications/devices')
  removeDevice = (id: string): Answer<void> => this.#rest.call('DELETE', `/notifications/devices/${id}`)
  attempt = (channel: 'push' | 'mail'): Answer<Tried> =>
    this.#rest.call('POST', '/notifications/test', { channel })
}
