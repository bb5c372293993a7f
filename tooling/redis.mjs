// Finds a redis-server for the tests, or brings one. Plain JavaScript with built-in modules only: tooling/run.mjs uses it
// on Node 18. On Debian and its kin the packages are downloaded and unpacked below node_modules/.cache, which needs no
// root and changes nothing of the machine.
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root, run, tail } from './toolchain.mjs'

const cache = join(root, 'node_modules', '.cache', 'sluice', 'redis')
const launcher = join(cache, 'redis-server')
const packages = ['redis-server', 'redis-tools']

/** The environment variables that tell the tests where the server is, or why there is none. */
export function redisEnvironment(announce = () => {}) {
  if (process.env.SLUICE_REDIS_SERVER || onPath()) return {}
  if (runs(launcher)) return { SLUICE_REDIS_SERVER: launcher }
  try {
    announce('Fetching redis-server through apt …')
    return { SLUICE_REDIS_SERVER: bring() }
  } catch (error) {
    return { SLUICE_REDIS_PROBLEM: `No redis-server was found, and none could be brought: ${error.message}` }
  }
}

/** vitest calls this once, before the first test file. */
export function setup() {
  Object.assign(
    process.env,
    redisEnvironment((line) => process.stderr.write(`${line}\n`)),
  )
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return ['redis-server', 'valkey-server'].some((name) => folders.some((folder) => existsSync(join(folder, name))))
}

function bring() {
  if (run('apt-get', ['--version']).error) throw new Error('this machine has no apt-get.')
  const work = `${cache}.${process.pid}`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  try {
    const problem = unpacked(work)
    if (!problem) {
      rmSync(cache, { recursive: true, force: true })
      renameSync(work, cache)
      if (runs(launcher)) return launcher
    }
    // What is unpacked may lack something of this machine's; an install by root lacks nothing.
    if (process.getuid?.() === 0) {
      run('apt-get', ['update', '-qq'])
      const installed = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
        ...process.env,
        DEBIAN_FRONTEND: 'noninteractive',
      })
      if (installed.status === 0 && onPath()) return '/usr/bin/redis-server'
      throw new Error(tail(installed))
    }
    throw new Error(problem ?? 'the redis-server that apt has does not start here.')
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Downloads the packages and those that they lack, and unpacks them into `folder`. Returns what went wrong. */
function unpacked(folder) {
  const own = privateLists(folder)
  // A machine whose package lists were cleared (a container's image) reads them anew, into a folder of ours.
  for (const options of [[], own]) {
    if (options === own) run('apt-get', [...own, 'update', '-qq'])
    const plan = run('apt-get', [...options, 'install', '-s', '--no-install-recommends', ...packages])
    const wanted = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name)
    if (plan.status !== 0 || wanted.length === 0) continue
    const names = wanted.filter((name) => /^(?:redis|valkey|lib)/.test(name))
    const download = runIn(folder, 'apt-get', [...options, 'download', ...names])
    if (download.status !== 0) continue
    const target = join(folder, 'root')
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
      const unpack = run('dpkg', ['-x', join(folder, file), target])
      if (unpack.status !== 0) return tail(unpack)
      rmSync(join(folder, file))
    }
    rmSync(join(folder, 'apt'), { recursive: true, force: true })
    writeLauncher(folder, target)
    return undefined
  }
  return 'apt-get could not download redis-server. Check the network and the package sources.'
}

function privateLists(folder) {
  const state = join(folder, 'apt', 'lists')
  const archives = join(folder, 'apt', 'cache')
  for (const path of [join(state, 'partial'), join(archives, 'archives', 'partial')])
    mkdirSync(path, { recursive: true })
  return ['-o', `Dir::State::lists=${state}`, '-o', `Dir::Cache=${archives}`, '-o', 'APT::Sandbox::User=']
}

/** A program beside the unpacked files, which are not where the system would look for libraries. */
function writeLauncher(folder, target) {
  const libraries = ['usr/lib', 'lib'].flatMap((path) => {
    const base = join(target, path)
    if (!existsSync(base)) return []
    return readdirSync(base)
      .filter((name) => name.endsWith('-linux-gnu') && statSync(join(base, name)).isDirectory())
      .map((name) => `"$here/root/${path}/${name}"`)
  })
  const script = [
    '#!/bin/sh',
    'here=$(dirname "$(readlink -f "$0")")',
    `LD_LIBRARY_PATH=${[...libraries, '$LD_LIBRARY_PATH'].join(':')}`,
    'export LD_LIBRARY_PATH',
    'exec "$here/root/usr/bin/redis-server" "$@"',
    '',
  ].join('\n')
  const path = join(folder, 'redis-server')
  writeFileSync(path, script)
  chmodSync(path, 0o755)
}

function runs(program) {
  return existsSync(program) && run(program, ['--version']).status === 0
}

function runIn(folder, command, args) {
  // apt-get downloads into the folder it is called in.
  return run('sh', ['-c', 'cd "$0" && exec "$@"', folder, command, ...args])
}
