import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { SluiceError } from '@sluice/core'

const flags: ParseArgsOptionsConfig = {
  dir: { type: 'string', default: '.sluice-eval' },
  out: { type: 'string' },
  resume: { type: 'boolean', default: false },
  repeats: { type: 'string' },
  only: { type: 'string' },
  shard: { type: 'string' },
  record: { type: 'string' },
  replay: { type: 'string' },
  label: { type: 'string', multiple: true, default: [] as string[] },
  watch: { type: 'boolean', default: false },
  'on-inconclusive': { type: 'string', default: 'pass' },
  baseline: { type: 'string' },
  confirm: { type: 'string' },
  'no-baseline': { type: 'boolean', default: false },
  margin: { type: 'string' },
  alpha: { type: 'string' },
  strict: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  'must-pass': { type: 'string', multiple: true, default: [] as string[] },
  'max-unscored': { type: 'string' },
  audit: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'string' },
  junit: { type: 'string' },
  html: { type: 'string' },
  github: { type: 'string' },
  ci: { type: 'boolean', default: false },
  add: { type: 'boolean', default: false },
  difference: { type: 'string' },
  power: { type: 'string' },
  judge: { type: 'string' },
  attacked: { type: 'string' },
}

/** Flags by name; those with a default are always there. */
export interface Flags
  extends
    Readonly<Record<'resume' | 'watch' | 'no-baseline' | 'strict' | 'force' | 'ci' | 'add', boolean>>,
    Readonly<
      Partial<
        Record<
          | 'out'
          | 'repeats'
          | 'only'
          | 'shard'
          | 'record'
          | 'replay'
          | 'baseline'
          | 'confirm'
          | 'margin'
          | 'alpha'
          | 'max-unscored'
          | 'json'
          | 'junit'
          | 'html'
          | 'github'
          | 'difference'
          | 'power'
          | 'judge'
          | 'attacked',
          string | undefined
        >
      >
    > {
  readonly dir: string
  readonly 'on-inconclusive': string
  readonly label: readonly string[]
  readonly 'must-pass': readonly string[]
  readonly audit: readonly string[]
}

/** What stands on the command line. */
export interface CliOptions {
  readonly files: readonly string[]
  readonly flags: Flags
}

/** @throws {SluiceError} `cli.usage` for a flag that there is none of. */
export function readOptions(args: readonly string[]): CliOptions {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true })
    return { files: positionals, flags: values as unknown as Flags }
  } catch (cause) {
    throw usage((cause as Error).message)
  }
}

export function usage(message: string): SluiceError {
  return new SluiceError({ code: 'cli.usage', message: `${message} See sluice-eval --help.` })
}

/** The n-th file on the command line. */
export function fileAt(options: CliOptions, index: number, what: string): string {
  const file = options.files[index]
  if (file === undefined) throw usage(`Give ${what}.`)
  return file
}

/** A number from a flag; `undefined` when it is not given. */
export function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw usage(`--${name} must be a number, got "${text}".`)
  return value
}
