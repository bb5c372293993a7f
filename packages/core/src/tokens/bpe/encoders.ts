import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { SluiceError } from '../../errors.ts'
import type { EncodingName } from '../encoding-of.ts'
import { Encoder } from './encoder.ts'

const encoders = new Map<EncodingName, Encoder>()

/** The encoder of an encoding, made of tiktoken's ranks when it is first asked for. */
export function encoderOf(encoding: EncodingName): Encoder {
  let encoder = encoders.get(encoding)
  if (!encoder) {
    encoder = new Encoder(encoding, readRanks(encoding, createRequire(import.meta.url).resolve))
    encoders.set(encoding, encoder)
  }
  return encoder
}

/** Reads the ranks that the optional peer `@dqbd/tiktoken` brings; nothing else of it is used. */
export function readRanks(encoding: EncodingName, resolve: (name: string) => string): string {
  let path: string
  try {
    path = resolve(`@dqbd/tiktoken/encoders/${encoding}.json`)
  } catch (cause) {
    throw new SluiceError({
      code: 'tokens.encoder_missing',
      message:
        `Counting in ${encoding} needs the token ranks of the package @dqbd/tiktoken, which is not installed. ` +
        'Run `npm install @dqbd/tiktoken`, or use estimateTokens() and estimateRequest(), which need nothing.',
      details: { package: '@dqbd/tiktoken', encoding },
      status: 500,
      cause,
    })
  }
  const { bpe_ranks: ranks } = JSON.parse(readFileSync(path, 'utf8')) as { bpe_ranks?: unknown }
  if (typeof ranks === 'string' && /^! \d+ [A-Za-z0-9+/=]+( |$)/.test(ranks) && !ranks.includes('\n')) return ranks
  throw new SluiceError({
    code: 'tokens.encoder_unreadable',
    message: `The installed @dqbd/tiktoken keeps the ranks of ${encoding} in a form that is not known here. Install version ^1.0.22.`,
    details: { package: '@dqbd/tiktoken', encoding },
    status: 500,
  })
}
