// Runs packages/*/data-checks/*.ts: checks against published data sets, which are too large to be in the repository.
// They are expected beside it, in ../shared/data, or where SLUICE_DATA says; each check gets that folder in SLUICE_DATA
// and fails by a non-zero exit code.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { files, root } from './workspace.ts'

const data = resolve(root, process.env['SLUICE_DATA'] ?? '../shared/data')
const only = process.argv.slice(2)
const checks = files('packages', (path) => /^packages\/[^/]+\/data-checks\/[^/]+\.ts$/.test(path)).filter(
  (path) => only.length === 0 || only.some((part) => path.includes(part)),
)

if (!existsSync(data)) {
  console.log(`${checks.length} not run: the data folder is absent (set SLUICE_DATA to where it is)`)
} else {
  const failed = checks.filter((path) => {
    console.log(`── ${path}`)
    const env = { ...process.env, SLUICE_DATA: data }
    const node = ['--conditions=@sluice/source', '--disable-warning=ExperimentalWarning', path]
    return spawnSync(process.execPath, node, { cwd: root, env, stdio: 'inherit', timeout: 300_000 }).status !== 0
  })
  for (const path of failed) console.error(`failed: ${path}`)
  console.log(`${checks.length} run, ${failed.length} failed`)
  if (failed.length > 0) process.exitCode = 1
}
