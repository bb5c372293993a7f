import { checkSync } from 'recheck'

/**
 * What recheck finds a pattern to be. Its limits on steps decide: those on time would call a pattern bad, or know nothing of
 * it, on a machine that is busy with something else.
 */
export function patternStatus(source: string, flags: string): 'safe' | 'vulnerable' | 'unknown' {
  return checkSync(source, flags, { timeout: 100_000, incubationTimeout: null, attackTimeout: 20_000 }).status
}
