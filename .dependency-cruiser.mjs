// The import rules of docs/architecture.md: examples → { cache, guards, router, eval } → core.
import { basename } from 'node:path'
import { packages } from './tooling/workspace.ts'

const tests = '\\.test(-d)?\\.ts$'
const source = { path: '^packages/[^/]+/src/', pathNot: tests }

const pattern = (path) => `^${path.replaceAll('.', '\\.')}$`
const moduleOf = (name) => `/node_modules/${name}/`

/** What an application gets with an entry: nothing of the testing kit, and no package that it was not told to install. */
function shipped({ folder, sources, dependencies, peerDependencies }) {
  const own = `packages/${basename(folder)}`
  const allowed = Object.keys({ ...dependencies, ...peerDependencies }).map(moduleOf)
  const entries = Object.values(sources).map((source) => `${own}/${source.replace('./', '')}`)
  return [
    {
      name: 'testing-stays-out',
      comment: 'The testing kit is never in the way of production code.',
      severity: 'error',
      from: { path: entries.filter((entry) => !entry.includes('/src/testing/')).map(pattern) },
      to: { path: '^packages/[^/]+/src/testing/', reachable: true },
    },
    {
      name: 'only-declared-packages',
      comment: 'What an entry imports, types included, is a dependency or a peer of its package.',
      severity: 'error',
      from: { path: entries.map(pattern) },
      to: { path: 'node_modules/', pathNot: allowed, reachable: true },
    },
  ]
}

/** @type {import('dependency-cruiser').IConfiguration} */
const config = {
  forbidden: [
    {
      name: 'no-cycle',
      comment:
        'Modules that need each other are one module, or there is a third in between. Types alone may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-alone',
      comment: 'Core is what the others stand on.',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'siblings-apart',
      comment: 'cache, guards, router and eval meet only in the application.',
      severity: 'error',
      from: { path: '^packages/(cache|guards|router|eval)/' },
      to: { path: '^packages/(cache|guards|router|eval)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'no-way-round-the-entry',
      comment: 'Another package is imported by its name, so that its exports map decides what is public.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/(?!$1/)', dependencyTypes: ['local'] },
    },
    {
      name: 'tests-stay-out',
      severity: 'error',
      from: source,
      to: { path: tests },
    },
    ...packages().flatMap(shipped),
    {
      name: 'declared',
      comment:
        'An import that no package.json names works only by accident of the install. Tests may use the root’s tools.',
      severity: 'error',
      from: source,
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|fixtures)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@sluice/source', 'node', 'import', 'types', 'default'],
      extensions: ['.ts', '.mts', '.js', '.mjs'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}

export default config
