import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** How many calls the application makes. */
  readonly calls: number
  readonly concurrency: number
  readonly seed: number
  /** Whether the fake provider misbehaves. */
  readonly faults: boolean
  /** A JSONL file of messages; `undefined` for the demo's own. */
  readonly input: string | undefined
  /** A real endpoint; `undefined` for the fake provider. */
  readonly endpoint: RealEndpoint | undefined
}

export interface RealEndpoint {
  readonly baseURL: string | undefined
  readonly apiKey: string
  /** `undefined`: the first that the endpoint lists. */
  readonly model: string | undefined
}

export const usage = `Replays customer messages through one wrapped OpenAI client and shows what happened.

  npm start -- [options]

  --input <file>      JSONL, one message a line: {"text": "…"} or {"messages": [{"role": "user", "content": "…"}]}
  --calls <n>         how many calls to make (default 1000; 50 with a real endpoint)
  --concurrency <n>   how many at a time (default 16; 4 with a real endpoint)
  --seed <n>          another order of messages, other faults (default 1)
  --no-faults         let the fake provider behave
  --help              show this

Without OPENAI_API_KEY or SLUICE_BASE_URL in the environment it runs offline, against an embedded fake provider.
With either it calls that endpoint, which costs money, through a router and without cascade and evaluation:
SLUICE_MODEL names the model (default gpt-5-mini, or the first that SLUICE_BASE_URL lists).`

/** Something is wrong with what the user typed; the message says what to do. */
export class UsageError extends Error {}

/**
 * The options that the arguments and the environment ask for; `help` when that was asked for.
 *
 * @throws {UsageError} for an unknown option or a value that is none.
 */
export function parseOptions(
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
): DemoOptions | 'help' {
  const { input, help, 'no-faults': noFaults, ...counts } = parsed(args)
  if (help) return 'help'
  const { OPENAI_API_KEY: apiKey, SLUICE_BASE_URL: baseURL, SLUICE_MODEL: model } = env
  const isReal = Boolean(apiKey || baseURL)
  return {
    calls: count('calls', counts.calls, isReal ? 50 : 1000),
    concurrency: count('concurrency', counts.concurrency, isReal ? 4 : 16),
    seed: count('seed', counts.seed, 1),
    faults: !isReal && !noFaults,
    input,
    endpoint: isReal
      ? {
          baseURL: baseURL || undefined,
          apiKey: apiKey || 'none',
          model: model || (baseURL ? undefined : 'gpt-5-mini'),
        }
      : undefined,
  }
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { input: text, calls: text, concurrency: text, seed: text, 'no-faults': flag, help: flag } as const
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    const [problem] = (error as Error).message.split('. To specify')
    throw new UsageError(`${problem?.replace(/\.$/, '')}. The options are shown by --help.`)
  }
}

function count(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (/^\d{1,7}$/.test(value) && Number(value) > 0) return Number(value)
  throw new UsageError(`--${name} must be a whole number from 1 to 9999999, got "${value}".`)
}
