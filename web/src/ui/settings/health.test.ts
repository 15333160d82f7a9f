import { describe, expect, it } from 'vitest'
import { notify } from '../../i18n/es.notify.ts'
import type { Health } from '../../protocol/telling.ts'
import { checksOf, whyLost, type Known } from './health.ts'

const HEALTH: Health = {
  public_key: 'k',
  push: 'on',
  device: { session_id: 's', device: '', service: 'push.example.com', current: true, since: '' },
  worker: { waiting: 0, lag_ms: 0 },
  mail: 'on',
  address_state: 'confirmed',
  quiet: false,
}
const WELL: Known = {
  permission: 'granted',
  worker: true,
  live: true,
  push: true,
  on: true,
  health: HEALTH,
}

const broken = (known: Partial<Known>, health: Partial<Health> = {}) =>
  checksOf({ ...WELL, health: { ...HEALTH, ...health }, ...known }, notify)
    .filter((check) => !check.ok)
    .map((check) => check.name)

describe('the health of notifications', () => {
  it('is well where every hop is', () => {
    expect(broken({})).toEqual([])
    expect(checksOf({ ...WELL, health: null }, notify)).toHaveLength(4)
  })

  it.each([
    ['allowed', { permission: 'denied' }, {}],
    ['worker', { worker: false }, {}],
    ['connected', { live: false }, {}],
    ['push', {}, { push: 'off', device: null }],
    ['subscribed', {}, { device: null }],
    ['late', {}, { worker: { waiting: 3, lag_ms: 120_000 } }],
    ['quiet', {}, { quiet: true }],
    ['mail', {}, { address_state: 'refused' }],
  ] as [string, Partial<Known>, Partial<Health>][])('names %s', (name, known, health) => {
    expect(broken(known, health)).toEqual([name])
  })

  it.each([
    ['nobody has turned them on', { permission: 'default', on: false }, { device: null }],
    ['they were turned off here', { on: false }, { device: null }],
    ['they are paused', {}, { quiet: true }],
  ] as [string, Partial<Known>, Partial<Health>][])('finds no fault where %s', (_, known, health) => {
    const checks = checksOf({ ...WELL, health: { ...HEALTH, ...health }, ...known }, notify)
    expect(checks.filter(({ ok, chosen }) => !ok && !chosen)).toEqual([])
    expect(checks.some(({ chosen }) => chosen)).toBe(true)
  })

  it.each([
    ['the browser forbids them', { permission: 'denied', on: false }, {}],
    ['a device that is wanted is not subscribed', { on: true }, { device: null }],
  ] as [string, Partial<Known>, Partial<Health>][])('finds a fault where %s', (_, known, health) => {
    const checks = checksOf({ ...WELL, health: { ...HEALTH, ...health }, ...known }, notify)
    expect(checks.some(({ ok, chosen }) => !ok && !chosen)).toBe(true)
  })

  it('says of a subscription what stands above: what can be done there, or that it comes from the page', () => {
    const said = (known: Partial<Known>) =>
      checksOf({ ...WELL, health: { ...HEALTH, device: null }, ...known }, notify).find(
        ({ name }) => name === 'subscribed',
      )?.text
    expect(said({ on: false })).toBe(notify.notSubscribed)
    // Only "turn off" stands there.
    expect(said({ on: true })).toBe(notify.onlyHere)
    expect(said({ permission: 'denied', on: false })).toBeUndefined()
    expect(said({ push: false })).toBeUndefined()
  })

  it('has words for what the browser’s service said', () => {
    const { gone, endpoint, service } = notify.hops
    const said = [
      '410 Gone',
      '403 bad signature',
      '429 slow down',
      '503',
      'no answer in time',
      'ConnectError',
    ]
    expect(said.map((problem) => whyLost(problem, notify.hops))).toEqual([
      gone,
      endpoint,
      service,
      service,
      service,
      service,
    ])
  })

  it('tells what the last push met', () => {
    const device = { ...HEALTH.device, problem: '503' } as Health['device']
    expect(broken({}, { device })).toEqual(['last'])
  })
})
