import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@sluice/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@sluice/source', 'node', 'import', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'tooling/**/*.test.ts'],
    // Tests of what processes share run against a real server.
    globalSetup: ['tooling/temp-folder.ts', 'tooling/redis.mjs'],
    setupFiles: ['tooling/draws.ts'],
    // A limit is there for what hangs. How fast a machine is, and what else it does, is nothing that a test goes by.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // By itself vitest leaves one of two cores idle.
    maxWorkers: 2,
    passWithNoTests: false,
    // A stray unhandled rejection is a defect of the seam, never noise.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
export default config
