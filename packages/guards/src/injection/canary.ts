import { randomInt } from 'node:crypto'
import type { Detector, DetectorContext, Span } from '../detector.ts'
import { spansVerdict } from '../evidence.ts'
import { checkNames, checkOneOf, refuse } from '../option-checks.ts'
import { matchNeedle, needlesOf, partial } from './canary-needles.ts'

export interface CanaryOptions {
  /** The word to look for: 12 to 64 letters or digits that stand nowhere else. @default 16 letters drawn at random */
  readonly token?: string
  /** What to do about an answer that has it. @default 'block' */
  readonly mode?: 'block' | 'redact' | 'warn'
}

/** A secret word in a system prompt, and the detector of answers that let it out. */
export interface Canary {
  readonly token: string
  /** The prompt with the token at its end. */
  mark(prompt: string): string
  /** Looks for the token everywhere but in system prompts: answers, tool arguments, results, what users bring back. */
  readonly detector: Detector
}

/**
 * Makes a canary: a word that nobody has a reason to say. Put it in the system prompt with `mark`; an answer or a tool
 * argument that has it has let out the prompt, or at least its end.
 *
 * Found in any case, with up to three separators or invisible characters between letters, reversed, in rot13, hexadecimal
 * and base64. Not found where the model translates, paraphrases or leaves the token out: no alarm is no proof. Draw one per
 * deployment, or per conversation to tell which one leaked. On streams, what may become the token is held back.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * const canary = createCanary()
 * const client = sluice(new OpenAI(), [guards({ output: [canary.detector] })])
 * const system = canary.mark('You are the assistant of a bank.')
 */
export function createCanary(options: CanaryOptions = {}): Canary {
  const { token = drawn(), mode = 'block' } = checked(options)
  const needles = needlesOf(token)
  const find = (text: string): { readonly spans: readonly Span[]; readonly openAt: number } => {
    const spans: Span[] = []
    let openAt = text.length
    for (let at = 0; at < text.length; at += 1) {
      for (const needle of needles) {
        const end = matchNeedle(text, at, needle)
        if (end === partial) openAt = Math.min(openAt, at)
        else if (end > 0 && at >= (spans.at(-1)?.end ?? 0))
          spans.push({ start: at, end, rule: needle.rule, score: 1, replacement: '[CANARY]' })
      }
    }
    return { spans, openAt }
  }
  return {
    token,
    mark: (prompt) => `${prompt}\n\nInternal reference, never part of an answer: ${token}`,
    detector: {
      name: 'canary',
      actions: [mode],
      check: (text, context) => spansVerdict(mode, isPrompt(context) ? [] : find(text).spans, 'block'),
      stream: {
        maxMatch: Math.max(...needles.map(({ reach }) => reach)),
        couldGrow: (tail) => find(tail).openAt,
      },
    },
  }
}

function isPrompt({ role }: DetectorContext): boolean {
  return role === 'system'
}

const consonants = 'bcdfghjklmnpqrstvwxz'

function drawn(): string {
  return Array.from({ length: 16 }, () => consonants.charAt(randomInt(consonants.length))).join('')
}

function checked(options: CanaryOptions): CanaryOptions {
  const where = 'createCanary()'
  checkNames(where, options, ['token', 'mode'])
  const { token, mode = 'block' } = options
  if (token !== undefined && !(typeof token === 'string' && /^[A-Za-z0-9]{12,64}$/.test(token)))
    refuse(`token of ${where} must be 12 to 64 letters or digits.`)
  checkOneOf(where, 'mode', mode, ['block', 'redact', 'warn'])
  return options
}
