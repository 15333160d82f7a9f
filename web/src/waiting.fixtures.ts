/** Waiting for what must come: with a limit that no busy machine reaches. */
import { vi } from 'vitest'

export function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000 })
}
