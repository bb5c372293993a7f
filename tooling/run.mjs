// Runs a job of this repository on the Node and pnpm it is developed with, and brings both through npm where the machine
// has others. It is what `npm start` and `npm test` call, so it must itself run on Node 18 with nothing installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { redisEnvironment } from './redis.mjs'
import { bring, nodePackage, pathFirst, Problem, root, run, tail } from './toolchain.mjs'

const nodeMajor = 24
const source = '--conditions=@sluice/source'
const testResult = 'node_modules/.cache/sluice/vitest.json'

// pnpm and the type checker keep code that they have compiled in the machine's temporary folder, if they are not told where.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/sluice/compiled')

/** The benchmarks that start a Redis. */
const needRedis = ['budget', 'cache-redis', 'limits']

/** The arguments of `node` for each job; what the caller adds comes after them. */
const jobs = {
  start: [source, 'examples/demo/main.ts'],
  test: [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${testResult}`,
  ],
  check: ['tooling/check.ts'],
  'check:data': ['tooling/check-data.ts'],
  bench: [source, '--expose-gc'],
  format: ['node_modules/oxfmt/bin/oxfmt'],
  'docs:errors': ['tooling/errors-doc.ts'],
  tally: ['tooling/tally.ts', testResult],
}

/** The environment in which `node` and `pnpm` are the ones wanted, and the `node` in it. */
function toolchain() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const needed = []
  if (Number(process.versions.node.split('.')[0]) < nodeMajor) needed.push(['node', nodePackage(nodeMajor)])
  const pnpm = run('pnpm', ['--version'])
  if (`pnpm@${pnpm.stdout?.trim()}` !== packageManager) needed.push(['pnpm', packageManager])

  const programs = needed.map(([program]) => program)
  const brought = () => say(`Fetching ${programs.join(' and ')} through npm …`)
  const folders =
    needed.length === 0
      ? []
      : [
          bring(
            needed.map(([, name]) => name),
            programs,
            brought,
          ),
        ]
  const node = programs.includes('node') ? join(folders[0], 'node') : process.execPath
  return { node, env: pathFirst([...folders, dirname(process.execPath)]) }
}

/** Installs what pnpm-lock.yaml says, unless that was done already. */
function install(env) {
  const stamp = join(root, 'node_modules', '.sluice-lock')
  const hash = createHash('sha256')
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, name)))
  const digest = hash.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return

  say('Installing dependencies …')
  // In a run that somebody watches pnpm would ask before it replaces a folder; CI tells it to go ahead.
  const pnpm = run('pnpm', ['install', '--frozen-lockfile', '--reporter=append-only'], { ...env, CI: 'true' })
  if (pnpm.status !== 0) {
    const hint = `${pnpm.stdout}${pnpm.stderr}`.includes('OUTDATED_LOCKFILE')
      ? 'pnpm-lock.yaml does not fit the package.json files: run `pnpm install` and commit the lockfile.'
      : "pnpm could not install the dependencies. Check the network and npm's registry setting, then run this again."
    throw new Problem(`${hint}\n${tail(pnpm)}`)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest)
}

/** Runs the job in the foreground; this process ends the way the job ended. */
function runJob(node, args, env) {
  const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends ^C to the child too; passing it on as well would look like a second one.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => fail(`The job could not be started: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function isBenchmark(word = '') {
  return /^\w[\w-]*$/.test(word) && existsSync(join(root, 'bench', `${word}.ts`))
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(message) {
  say(message)
  process.exit(1)
}

const [name = '', ...rest] = process.argv.slice(2)
if (!Object.hasOwn(jobs, name)) fail(`Usage: node tooling/run.mjs <${Object.keys(jobs).join('|')}> [arguments]`)
try {
  const { node, env } = toolchain()
  install(env)
  if (name === 'test') rmSync(join(root, testResult), { force: true })
  if (name === 'bench') rest.unshift(`bench/${isBenchmark(rest[0]) ? rest.shift() : 'overhead'}.ts`)
  if (name === 'bench' && needRedis.some((bench) => rest[0] === `bench/${bench}.ts`))
    Object.assign(env, redisEnvironment(say))
  runJob(node, [...jobs[name], ...rest], env)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  fail(error.message)
}
