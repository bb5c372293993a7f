/**
 * What an evaluation costs by itself: 5,000 cases that do nothing through the built command, time and peak memory of the
 * process, run file and report included; and how soon `--version` answers. Beside promptfoo and evalite, where they are
 * installed: neither is a dependency of this repository.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine } from './measure.ts'

const cases = 5_000
const rounds = 5
const command = join(import.meta.dirname, '../packages/eval/dist/cli/bin.js')
const suite = join(import.meta.dirname, 'eval-noop.eval.ts')

interface Taken {
  readonly wallMs: number
  readonly cpuMs: number
  readonly rssMb: number
}

/** Runs a program to its end; the output, and the time until then. */
function ran(
  program: string,
  args: readonly string[],
  cwd: string,
): { readonly output: string; readonly wallMs: number } {
  const startedAt = performance.now()
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 300_000 })
  const wallMs = performance.now() - startedAt
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return { output: stdout, wallMs }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(28) + cells.map((cell) => cell.padStart(22)).join(''))
}

const held = (value: number, limit: number): string => (value < limit ? 'met' : 'MISSED')

function ours(folder: string): void {
  const taken = Array.from({ length: rounds }, (_, round): Taken => {
    const out = join(folder, `run-${round}.jsonl`)
    const { output, wallMs } = ran(
      process.execPath,
      [command, 'run', suite, '--out', out, '--no-baseline', '--ci'],
      folder,
    )
    return { ...(JSON.parse(output.trimEnd().split('\n').at(-1) as string) as Taken), wallMs }
  })
  const of = (field: keyof Taken): readonly number[] => taken.map((each) => each[field])
  const [wallMs, rssMb] = [median(of('wallMs')), Math.max(...of('rssMb'))]
  row(
    'sluice-eval run',
    `${(wallMs / 1_000).toFixed(2)} s`,
    `${(median(of('cpuMs')) / 1_000).toFixed(2)} s`,
    `${rssMb.toFixed(0)} MB`,
  )
  row('  targets', `< 3 s ${held(wallMs, 3_000)}`, '', `< 200 MB ${held(rssMb, 200)}`)
}

function start(folder: string): void {
  // The least of many: what else the machine does only ever adds.
  const time = (args: readonly string[]): number =>
    Math.min(...Array.from({ length: 15 }, () => ran(process.execPath, args, folder).wallMs))
  const bare = time(['--eval', ''])
  const version = time([command, '--version'])
  console.log(
    `\nsluice-eval --version: ${version.toFixed(0)} ms, of which Node takes ${bare.toFixed(0)} ms; target < 150 ms ${held(version, 150)}`,
  )
}

/** A peer's program: in the bench's own node_modules, else on the PATH. */
function programOf(name: string): string | undefined {
  const own = join(import.meta.dirname, 'node_modules/.bin', name)
  if (existsSync(own)) return own
  return spawnSync(name, ['--version'], { encoding: 'utf8' }).status === 0 ? name : undefined
}

function promptfoo(program: string, folder: string): number {
  const tests = Array.from({ length: cases }, (_, index) => ({
    vars: { text: `text ${index}` },
    assert: [{ type: 'equals', value: `text ${index}` }],
  }))
  const config = { prompts: ['{{text}}'], providers: ['echo'], tests }
  writeFileSync(join(folder, 'promptfooconfig.json'), JSON.stringify(config))
  const options = ['--no-cache', '--no-table', '--no-progress-bar', '--no-write', '--max-concurrency', '8']
  return ran(program, ['eval', '--config', 'promptfooconfig.json', ...options], folder).wallMs
}

function evalite(program: string, folder: string): number {
  const text = [
    "import { evalite } from 'evalite'",
    "evalite('no-op', {",
    `  data: () => Array.from({ length: ${cases} }, (_, index) => ({ input: 'text ' + index, expected: 'text ' + index })),`,
    '  task: (input) => input,',
    "  scorers: [{ name: 'exact', scorer: ({ output, expected }) => (output === expected ? 1 : 0) }],",
    '})',
  ]
  mkdirSync(join(folder, 'evalite'), { recursive: true })
  writeFileSync(join(folder, 'evalite/no-op.eval.ts'), text.join('\n'))
  return ran(program, ['run'], join(folder, 'evalite')).wallMs
}

if (!existsSync(command)) throw new Error('The command is not built: run `npm run check -- build` first.')
console.log(machine())
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
try {
  console.log(
    `\n${cases} cases whose target gives back its input, one exact scorer, ${rounds} runs: the median, and the highest peak`,
  )
  row('', 'wall', 'CPU', 'peak RSS')
  ours(folder)
  for (const [name, run] of Object.entries({ promptfoo, evalite })) {
    const program = programOf(name)
    if (program) row(name, `${(run(program, folder) / 1_000).toFixed(2)} s`, '', '')
    else row(name, `not installed; npm install --global ${name}, then run this again`)
  }
  start(folder)
} finally {
  rmSync(folder, { recursive: true })
}
