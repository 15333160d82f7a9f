import { describe, expect, it } from 'vitest'
import { Api } from '../protocol/api'
import { Users } from './users.svelte'

const nothing = () => undefined

function users(): Users {
  return new Users({
    api: Object.create(Api.prototype) as Api,
    now: () => 0,
    save: nothing,
    saveBlocked: nothing,
    viewChanged: nothing,
    learned: nothing,
    postPresence: nothing,
  })
}

describe('about how many are connected', () => {
  it('is known while somebody says so, and no longer than the connection', () => {
    const store = users()
    expect(store.crowd('chat')).toBeUndefined()
    store.gather('chat', 87)
    expect(store.crowd('chat')).toBe(87)
    store.disconnected()
    expect(store.crowd('chat')).toBeUndefined()
  })
})
