import { readFileSync } from 'node:fs'
import { type Options, defineConfig } from 'tsup'

interface Manifest {
  exports: Record<string, string | { '@sluice/source': string }>
  /** Commands, by their built files. */
  bin?: Record<string, string>
}

/**
 * How every package is built: one file for each entry of its `exports` and each command, with declarations beside it, and what entries
 * share in common chunks, so that a class imported through two entries is the same class.
 */
export function build(): Options {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const entry: Record<string, string> = {}
  for (const target of Object.values(manifest.exports)) {
    if (typeof target === 'string') continue
    const source = target['@sluice/source']
    entry[source.replace('./src/', '').replace(/\.ts$/, '')] = source
  }
  for (const built of Object.values(manifest.bin ?? {})) {
    const path = built.replace('./dist/', '').replace(/\.js$/, '')
    entry[path] = `./src/${path}.ts`
  }
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    dts: true,
    clean: true,
    sourcemap: true,
    removeNodeProtocol: false,
  }) as Options
}
