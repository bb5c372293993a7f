// Packs every built package the way it is published, for the checks that look at the tarballs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Package, cacheFolder, packages, root } from './workspace.ts'

export function tarball(pkg: Package): string {
  return join(cacheFolder, 'packs', `${pkg.name.replace('@', '').replace('/', '-')}-${pkg.version}.tgz`)
}

function pack(pkg: Package): string | undefined {
  for (const file of ['README.md', 'LICENSE', 'dist/index.js']) {
    if (!existsSync(join(pkg.folder, file))) return `${relative(root, join(pkg.folder, file))} is missing`
  }
  const run = spawnSync('pnpm', ['pack', '--out', tarball(pkg)], {
    cwd: pkg.folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return run.status === 0 ? undefined : `${pkg.name} could not be packed:\n${run.stdout}${run.stderr}`
}

if (import.meta.main) {
  rmSync(join(cacheFolder, 'packs'), { recursive: true, force: true })
  mkdirSync(join(cacheFolder, 'packs'), { recursive: true })
  const all = packages()
  const problems = all.map(pack).filter((problem) => problem !== undefined)
  for (const problem of problems) console.error(problem)
  console.log(all.map(({ name }) => name).join(', '))
  if (problems.length > 0) process.exitCode = 1
}
