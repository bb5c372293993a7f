import { inspect } from 'node:util'
import { isSluiceError } from '@sluice/core'
import { readOptions, usage, type CliOptions } from './options.ts'

type Command = (options: CliOptions) => Promise<number> | number

/** Each loads what it needs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  compare: async () => (await import('./commands/compare.ts')).compareRuns,
  report: async () => (await import('./commands/compare.ts')).report,
  bless: async () => (await import('./commands/bless.ts')).bless,
  plan: async () => (await import('./commands/plan.ts')).plan,
  aa: async () => (await import('./commands/aa.ts')).aa,
  'audit-judge': async () => (await import('./commands/audit-judge.ts')).audit,
  history: async () => (await import('./commands/history.ts')).history,
  merge: async () => (await import('./commands/merge.ts')).merge,
}

/** Runs a command; the exit code of the process. */
export async function main(command: string, args: readonly string[]): Promise<number> {
  try {
    const load = Object.hasOwn(commands, command) ? commands[command] : undefined
    if (!load) throw usage(`There is no command "${command}".`)
    return await (
      await load()
    )(readOptions(args))
  } catch (error) {
    // Errors of ours say what to do; others are shown with where they come from, for it may be the suite's own code.
    process.stderr.write(`${isSluiceError(error) ? `${error.code}: ${error.message}` : inspect(error)}\n`)
    return 2
  }
}
