import { join } from 'node:path'
import { tarball } from './pack.ts'
import { type Package, root } from './workspace.ts'

/** One check: commands that run one after the other in the repository's folder until one fails. */
export interface Step {
  readonly name: string
  /** Only with `--all`: needs the network, the data sets or minutes. */
  readonly slow?: boolean
  /** Steps of one lane run one after the other, the two lanes beside each other. */
  readonly lane: 'source' | 'built'
  /** Not run when that step of the same lane has failed. */
  readonly after?: string
  /** What of the output of its last command to show in the summary: what was covered. */
  readonly note?: (output: string) => string
  /** Arguments of `node`. */
  commands(all: readonly Package[]): readonly (readonly string[])[]
}

const bin = (path: string): string => join(root, 'node_modules', path)
const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? ''
const sizes = (output: string): string =>
  [...output.matchAll(/Size:\s+([\d.]+ \w+)/g)].map(([, size]) => size).join(', ')
const one =
  (...args: string[]): Step['commands'] =>
  () => [args]

export const steps: readonly Step[] = [
  { name: 'format', lane: 'source', commands: one(bin('oxfmt/bin/oxfmt'), '--check', '.') },
  { name: 'lint', lane: 'source', commands: one(bin('oxlint/bin/oxlint'), '--format=unix') },
  {
    name: 'types',
    lane: 'source',
    commands: one(bin('@typescript/native/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'),
  },
  { name: 'length', lane: 'source', note: lastLine, commands: one('tooling/check-length.ts') },
  { name: 'errors', lane: 'source', note: lastLine, commands: one('tooling/errors-doc.ts', '--check') },
  { name: 'docs', lane: 'source', note: lastLine, commands: one('tooling/check-docs.ts') },
  {
    name: 'imports',
    lane: 'source',
    commands: one(
      bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      'packages',
      '--config',
      '.dependency-cruiser.mjs',
    ),
  },
  { name: 'unused', lane: 'source', commands: one(bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints') },
  {
    name: 'build',
    lane: 'built',
    commands: (all) => [
      [
        bin('turbo/bin/turbo'),
        'run',
        'build',
        '--output-logs=errors-only',
        '--no-update-notifier',
        ...all.map(({ name }) => `--filter=${name}`),
      ],
    ],
  },
  { name: 'pack', lane: 'built', after: 'build', note: lastLine, commands: one('tooling/pack.ts') },
  {
    name: 'publint',
    lane: 'built',
    after: 'pack',
    commands: (all) => all.map((pkg) => [bin('publint/src/cli.js'), 'run', tarball(pkg), '--strict']),
  },
  {
    name: 'attw',
    lane: 'built',
    after: 'pack',
    commands: (all) =>
      all.map((pkg) => [bin('@arethetypeswrong/cli/dist/index.js'), tarball(pkg), '--profile=esm-only']),
  },
  { name: 'size', lane: 'built', after: 'build', note: sizes, commands: one(bin('size-limit/bin.js')) },
  { name: 'data', lane: 'source', slow: true, note: lastLine, commands: one('tooling/check-data.ts') },
  { name: 'examples', lane: 'source', slow: true, note: lastLine, commands: one('tooling/check-examples.ts') },
  {
    name: 'install',
    lane: 'built',
    slow: true,
    after: 'pack',
    note: lastLine,
    commands: one('tooling/check-install.ts'),
  },
]
