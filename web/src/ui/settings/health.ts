/** Each hop on the way to this device, in the order in which a message takes them; pure. */
import type { notify } from '../../i18n/es.notify.ts'
import type { Health } from '../../protocol/telling.ts'

export interface Known {
  permission: NotificationPermission | 'unsupported'
  /** Null while it is not known. */
  worker: boolean | null
  live: boolean
  /** It could be subscribed here. */
  push: boolean
  /** Its person wants to be told on this device. */
  on: boolean
  health: Health | null
}

export interface Check {
  name: string
  ok: boolean
  /** It is as its person has it, which is no fault. */
  chosen: boolean
  text: string
}

type Checked = (name: string, ok: boolean, fine: string, cure: string, chosen?: boolean) => Check

/** The server is late from here on. */
const LATE_MS = 60_000
const MINUTE_MS = 60_000

export function checksOf(known: Known, t: typeof notify): Check[] {
  const { permission, worker, live, health } = known
  const check: Checked = (name, ok, fine, cure, chosen = false) => ({
    name,
    ok,
    chosen: chosen && !ok,
    text: ok ? fine : cure,
  })
  const denied = permission === 'denied'
  return [
    check('supported', permission !== 'unsupported', t.supported, t.unsupported),
    check('allowed', permission === 'granted', t.allowed, denied ? t.denied : t.ask, !denied),
    check('worker', worker !== false, t.worker, t.noWorker),
    check('connected', live, t.connected, t.notConnected),
    ...(health === null ? [] : ofServer(health, known, t, check)),
  ]
}

/** What the browser's service said to the server, in words for people. */
export function whyLost(problem: string, hops: typeof notify.hops): string {
  const status = Number(/^\d{3}\b/.exec(problem)?.[0] ?? 0)
  if (status === 404 || status === 410) return hops.gone
  return status >= 400 && status < 500 && status !== 429 ? hops.endpoint : hops.service
}

/** Else what stands above says why not. */
const mayTurnOn = ({ permission, push }: Known) =>
  push && permission !== 'denied' && permission !== 'unsupported'

function ofServer(
  { push, device, worker, quiet, mail, address_state }: Health,
  known: Known,
  t: typeof notify,
  check: Checked,
): Check[] {
  const checks = [check('push', push === 'on', t.pushOn, t.pushOff)]
  const cure = known.on ? t.onlyHere : t.notSubscribed
  if (push === 'on' && (device !== null || mayTurnOn(known)))
    checks.push(check('subscribed', device !== null, t.subscribed, cure, !known.on))
  if (device?.problem !== undefined)
    checks.push(check('last', false, '', t.lastFailed(whyLost(device.problem, t.hops))))
  const minutes = Math.round(worker.lag_ms / MINUTE_MS)
  checks.push(check('late', worker.lag_ms < LATE_MS, t.workerFine, t.workerLate(minutes)))
  checks.push(check('quiet', !quiet, t.notQuiet, t.isQuiet, true))
  if (mail === 'on' && address_state !== 'none')
    checks.push(check('mail', address_state === 'confirmed', t.mailFine, t.mailUnconfirmed))
  return checks
}
