// Runs every examples/*.ts and examples/*/main.ts offline; each must end by itself with exit code 0.
import { spawnSync } from 'node:child_process'
import { redisEnvironment } from './redis.mjs'
import { files, root } from './workspace.ts'

const timeoutMs = 120_000
const examples = files(
  'examples',
  (path) => /^examples\/([^/]+|[^/]+\/main)\.ts$/.test(path) && !path.endsWith('.test.ts'),
)
const redis = redisEnvironment()
let failures = 0
for (const path of examples) {
  const env = { ...process.env, ...redis }
  // An example that finds a key would talk to a provider and spend money.
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ANTHROPIC_API_KEY', 'SLUICE_BASE_URL']) delete env[name]
  const startedAtMs = performance.now()
  const run = spawnSync(process.execPath, ['--conditions=@sluice/source', path], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  })
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
  if (run.status === 0) {
    console.log(`${path} ${seconds} s`)
    continue
  }
  failures += 1
  const how = run.error ? run.error.message : `exit code ${run.status ?? run.signal}`
  console.error(`${path} failed after ${seconds} s: ${how}\n${run.stdout}${run.stderr}`)
}
console.log(`${examples.length} run, ${failures} failed`)
if (failures > 0) process.exitCode = 1
