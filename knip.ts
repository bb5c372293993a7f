import type { KnipConfig } from 'knip'
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { packages } from './tooling/workspace.ts'

const built = packages().map(({ folder }) => basename(folder))
// A package that has no code yet has nothing to be judged by.
const empty = readdirSync('packages').filter((name) => !built.includes(name))
// Programs that tooling/steps.ts starts by their path, where knip cannot see them.
const startedByPath = [
  '@arethetypeswrong/cli',
  '@changesets/cli',
  '@typescript/native',
  'oxfmt',
  'oxlint',
  'publint',
  'turbo',
]

const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  // A peer is optional for the package's users; the module that needs it still names it.
  exclude: ['optionalPeerDependencies'],
  ignoreWorkspaces: empty.map((name) => `packages/${name}`),
  workspaces: {
    '.': {
      ignoreDependencies: startedByPath,
    },
    'packages/*': {
      entry: ['data-checks/*.ts', 'training/train-*.ts', 'tooling/*.ts'],
      project: ['{src,data-checks,fixtures,training,tooling}/**/*.ts'],
    },
    'packages/eval': {
      entry: ['data-checks/*.ts', 'src/cli/bin.ts', 'fixtures/**/*.{eval,suite,config}.ts'],
      // Loaded when a JSON Schema is given.
      ignoreDependencies: ['ajv'],
      project: ['{src,data-checks,fixtures}/**/*.ts'],
    },
    'packages/guards': {
      entry: ['data-checks/*.ts', 'training/train-*.ts', 'src/cli/guards.ts'],
      project: ['{src,data-checks,training}/**/*.ts'],
      // Loaded when a detector that needs them is made.
      ignoreDependencies: ['stdnum', 'validator', 'compromise', 'eld'],
    },
    examples: {
      entry: ['*.ts', '*/main.ts', '*/*.eval.ts'],
      project: ['**/*.ts'],
      ignoreDependencies: ['@sluice/*'],
    },
    bench: {
      entry: ['*.ts'],
      project: ['**/*.ts'],
      ignoreDependencies: ['@sluice/*'],
    },
    tooling: {
      entry: ['*.{ts,mjs}', 'consumer/main.ts'],
      project: ['**/*.{ts,mjs}'],
      // The consumer's imports are installed in the folder where it runs.
      ignoreDependencies: ['@sluice/core', '@anthropic-ai/sdk', 'openai'],
    },
  },
}

export default config
