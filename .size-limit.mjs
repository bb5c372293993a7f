// Minified and compressed with brotli, as a bundler would ship it. Node's own modules cost nothing.
const entry = { path: 'packages/core/dist/index.js', import: '*', ignore: ['node:*'] }
const quiet = (config) => ({ ...config, logLevel: 'error' })

/** Leaves out what is imported only when a call needs it, and the hash in its name, which a bundler makes anew. */
const staticOnly = {
  name: 'static',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: path.replace(/-\w{8}(?=\.js$)/, ''), external: true } : undefined,
    )
  },
}

const checks = [
  {
    ...entry,
    name: '@sluice/core, what importing it loads',
    limit: '12 kB',
    modifyEsbuildConfig: (config) => ({ ...quiet(config), plugins: [...(config.plugins ?? []), staticOnly] }),
  },
  { ...entry, name: '@sluice/core, all five dialects loaded', limit: '22.5 kB', modifyEsbuildConfig: quiet },
]

export default checks
