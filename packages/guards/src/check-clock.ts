import type { Clock } from '@sluice/core'
import { refuse } from './option-checks.ts'

export function checkClock(where: string, clock: Clock): void {
  if (typeof clock?.now !== 'function' || typeof clock.sleep !== 'function')
    refuse(`clock of ${where} must have now() and sleep(ms, signal).`)
}
