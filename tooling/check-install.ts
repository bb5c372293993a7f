// Installs the packed packages with npm into an empty folder, as a user would, and runs tooling/consumer/main.ts there on
// every supported Node: what is missing from a tarball or works only inside the workspace shows here.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tarball } from './pack.ts'
import { bring, nodePackage, tail } from './toolchain.mjs'
import { packages, root } from './workspace.ts'

const nodeMajors = [22, 24]
const folder = mkdtempSync(join(tmpdir(), 'sluice-install-'))
const all = packages()
const core = all.find(({ name }) => name === '@sluice/core')!
const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>
}

function run(what: string, command: string, args: readonly string[]): void {
  const windows = process.platform === 'win32'
  const result = spawnSync(command, args, { cwd: folder, encoding: 'utf8', shell: windows, timeout: 200_000 })
  if (result.status === 0) return
  throw new Error(`${what} failed: ${result.error?.message ?? ''}\n${tail(result)}`)
}

function install(): void {
  const peers = ['openai', '@anthropic-ai/sdk', 'redis'].map((name) => `${name}@${core.devDependencies[name]}`)
  const vitest = `vitest@${rootManifest.devDependencies['vitest']}`
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  run('npm install', 'npm', ['install', ...quiet, ...all.map(tarball), ...peers, vitest])
  const installed = JSON.parse(readFileSync(join(folder, 'node_modules/@sluice/core/package.json'), 'utf8')) as object
  if ('dependencies' in installed) throw new Error('@sluice/core has run-time dependencies; it must have none')
}

function compile(): void {
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  run('The type check', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder])
}

try {
  copyFileSync(join(root, 'tooling/consumer/main.ts'), join(folder, 'main.ts'))
  const specifiers = all.flatMap(({ name, sources }) => Object.keys(sources).map((subpath) => name + subpath.slice(1)))
  writeFileSync(join(folder, 'entries.ts'), specifiers.map((specifier) => `await import('${specifier}')\n`).join(''))
  install()
  compile()
  for (const major of nodeMajors) {
    const isThis = process.versions.node.startsWith(`${major}.`)
    const node = isThis ? process.execPath : join(bring([nodePackage(major)], ['node']), 'node')
    for (const script of ['entries.ts', 'main.ts']) run(`${script} on Node ${major}`, node, [script])
  }
  console.log(`${specifiers.length} entries on Node ${nodeMajors.join(' and ')}`)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
