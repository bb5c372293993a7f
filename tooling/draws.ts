// vitest runs this before each test file: properties draw the same cases in every run, so that none fails by chance.
// FAST_CHECK_SEED=random draws others, FAST_CHECK_SEED=<number> repeats those of a failure.
import { configureGlobal } from 'fast-check'

const seed = process.env['FAST_CHECK_SEED'] ?? '1'
if (seed !== 'random') configureGlobal({ seed: Number(seed) })
