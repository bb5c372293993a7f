import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root: string = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where the checks keep what they make: never committed, and gone with `node_modules`. */
export const cacheFolder: string = join(root, 'node_modules', '.cache', 'sluice')

export interface Package {
  /** Absolute. */
  readonly folder: string
  readonly name: string
  readonly version: string
  /** What a consumer can import (`.`, `./testing`, …), each with its source file relative to the folder. */
  readonly sources: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

interface Manifest {
  name: string
  version: string
  exports?: Record<string, string | { '@sluice/source': string }>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** The packages that have code; a folder without `src/index.ts` is not built, packed or measured. */
export function packages(): Package[] {
  const found: Package[] = []
  for (const entry of readdirSync(join(root, 'packages')).toSorted()) {
    const folder = join(root, 'packages', entry)
    if (!existsSync(join(folder, 'src', 'index.ts'))) continue
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    const { name, version, exports = {} } = manifest
    const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest
    const sources: Record<string, string> = {}
    for (const [subpath, target] of Object.entries(exports)) {
      if (typeof target !== 'string') sources[subpath] = target['@sluice/source']
    }
    found.push({ folder, name, version, sources, dependencies, peerDependencies, devDependencies })
  }
  return found
}

const skipped = new Set(['node_modules', 'dist', 'coverage'])

/** Files below `folder` whose path passes `keep`, relative to the repository with `/` between the names, sorted. */
export function files(folder: string, keep: (path: string) => boolean): string[] {
  const absolute = join(root, folder)
  if (!existsSync(absolute)) return []
  const found: string[] = []
  for (const entry of readdirSync(absolute, { withFileTypes: true })) {
    if (skipped.has(entry.name) || entry.name.startsWith('.')) continue
    const path = relative(root, join(absolute, entry.name)).replaceAll('\\', '/')
    if (entry.isDirectory()) found.push(...files(path, keep))
    else if (keep(path)) found.push(path)
  }
  return found.toSorted()
}
