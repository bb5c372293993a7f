// Gives a run of the tests a temporary folder of its own, which goes with all that they leave there, however they end.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** vitest calls this once, before the first test file; what it gives back, after the last. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tests-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  // Test files and the commands that they start load the same code hundreds of times.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled')
  // A run that is interrupted comes to no teardown.
  process.once('exit', remove)
  return remove
}
