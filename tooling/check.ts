// `npm run check`: the static checks. `-- --all` adds those that need the network, the data sets or minutes;
// `-- lint types` runs only the named ones.
import { spawn } from 'node:child_process'
import { type Step, steps } from './steps.ts'
import { type Package, packages, root } from './workspace.ts'

type Outcome = 'ok' | 'failed' | 'not run'

interface Result {
  readonly outcome: Outcome
  readonly seconds: number
  readonly note: string
}

const timeoutMs = 300_000
// Colours are for a terminal; turbo's telemetry is for nobody.
const colours = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }
const env = { ...process.env, ...colours, TURBO_TELEMETRY_DISABLED: '1' }

function runNode(args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    let output = ''
    const add = (text: Buffer): void => {
      output += text.toString()
    }
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) => {
      const ended = signal === null ? '' : `ended by ${signal} (a step has ${timeoutMs / 1000} s)\n`
      resolve({ ok: code === 0, output: output + ended })
    })
  })
}

async function runStep(step: Step, all: readonly Package[]): Promise<Result> {
  const startedAtMs = performance.now()
  let note = ''
  for (const command of step.commands(all)) {
    const { ok, output } = await runNode(command)
    const seconds = (performance.now() - startedAtMs) / 1000
    if (!ok) {
      console.log(`\n── ${step.name} failed\n${output.trimEnd()}\n`)
      return { outcome: 'failed', seconds, note: '' }
    }
    note = step.note?.(output) ?? ''
  }
  return { outcome: 'ok', seconds: (performance.now() - startedAtMs) / 1000, note }
}

async function runLane(lane: readonly Step[], all: readonly Package[], results: Map<string, Result>): Promise<void> {
  for (const step of lane) {
    const needed = step.after === undefined ? undefined : results.get(step.after)
    if (needed !== undefined && needed.outcome !== 'ok') {
      results.set(step.name, { outcome: 'not run', seconds: 0, note: `needs ${step.after}` })
      continue
    }
    results.set(step.name, await runStep(step, all))
  }
}

/** The named steps and those that they come after, in order. */
function chosen(names: readonly string[]): readonly Step[] {
  const wanted = new Set(names)
  for (const step of steps.toReversed()) {
    if (wanted.has(step.name) && step.after !== undefined) wanted.add(step.after)
  }
  return steps.filter((step) => wanted.has(step.name))
}

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))
const unknown = names.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}; there are: ${steps.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}

const selected = names.length > 0 ? chosen(names) : steps.filter((step) => args.includes('--all') || !step.slow)
const all = packages()
const results = new Map<string, Result>()
const lanes = [...Map.groupBy(selected, (step) => step.lane).values()]
await Promise.all(lanes.map((lane) => runLane(lane, all, results)))

const rows = selected.map((step) => ({ name: step.name, ...results.get(step.name)! }))
for (const { name, seconds, outcome, note } of rows) {
  console.log(`${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${outcome.padEnd(7)} ${note}`.trimEnd())
}
if (rows.some(({ outcome }) => outcome !== 'ok')) process.exitCode = 1
