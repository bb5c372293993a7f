// Brings programs through npm without installing them on the machine. Plain JavaScript with built-in modules only: this
// runs on Node 18 before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, 'node_modules', '.cache', 'sluice')
const windows = process.platform === 'win32'

/** A failure whose message is all that the user needs. */
export class Problem extends Error {}

/**
 * The npm package that is Node itself for this machine. The package named `node` only fetches it in an install script,
 * and install scripts do not run everywhere: npm 12 asks for each to be allowed, older ones have no way to ask.
 */
export function nodePackage(major) {
  const platform = windows ? 'win' : process.platform
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  return `${prefix}-${platform}-${process.arch}@${major}`
}

/** The folder that holds the programs `programs` of the npm packages `packages`, fetched unless that was done before. */
export function bring(packages, programs, announce = () => {}) {
  const wanted = packages.join(' ')
  const memo = join(cache, 'toolchain.json')
  const known = readJson(memo)
  if (known[wanted] && holds(known[wanted], programs)) return known[wanted]

  announce()
  const options = [
    '--yes',
    '--loglevel=error',
    '--fetch-retry-maxtimeout=10000',
    ...packages.map((name) => `--package=${name}`),
  ]
  const npx = run('npx', [...options, '-c', 'node -p process.env.PATH'])
  if (npx.error) throw new Problem('npx was not found: install Node.js together with npm, then run this again.')
  const folder = npx.stdout
    .trim()
    .split(delimiter)
    .find((path) => path.includes('_npx') && holds(path, programs))
  if (npx.status !== 0 || !folder) {
    throw new Problem(`npm could not bring ${wanted}. Check the network and npm's registry setting.\n${tail(npx)}`)
  }
  mkdirSync(cache, { recursive: true })
  writeFileSync(memo, JSON.stringify({ ...known, [wanted]: folder }))
  return folder
}

/** Runs a program to its end and keeps what it prints. */
export function run(command, args, env = process.env) {
  // npm's and pnpm's launchers on Windows are .cmd files, which only a shell starts.
  return spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The environment with `folders` before the others on its PATH. */
export function pathFirst(folders, env = process.env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...env, [key]: [...folders, env[key]].join(delimiter) }
}

/** The last lines that a failed command printed, without addresses: they name the user's registry. */
export function tail({ stdout, stderr }) {
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => !/^(npm error)?\s*(at .*)?$/.test(line))
  return lines
    .slice(-20)
    .join('\n')
    .replaceAll(/https?:\/\/[^\s"'),]+/g, '<address>')
}

function holds(folder, programs) {
  const endings = windows ? ['.exe', '.cmd'] : ['']
  return programs.every((name) => endings.some((ending) => existsSync(join(folder, name + ending))))
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
